import Foundation
import UnrollText

/// The process's descriptors 0, 1 and 2.
package enum StandardDescriptors {
  /// Opens `/dev/null` under each of the three that was closed when the program started.
  ///
  /// The system gives a new file the lowest free number. Without this, the first file of a run could
  /// become descriptor 2, and every line for stderr would be written into it.
  ///
  /// A closed stdout is opened for reading: writing to it still fails, because a result that nobody
  /// can read is an error. Messages to a closed stderr are dropped.
  package static func openClosed() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // Those below are open, so this one is the lowest that is free.
      _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Refuses to start with so few free descriptors that the files of a run, or the pipes of a child, would
  /// find none.
  ///
  /// - Throws: ``DescriptorShortage``.
  package static func requireFree(_ count: Int) throws(DescriptorShortage) {
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    for _ in 0..<count {
      let descriptor = dup(STDERR_FILENO)
      // Another reason than the limit is not one to stop for.
      guard descriptor >= 0 else {
        if errno == EMFILE { throw DescriptorShortage(free: opened.count, needed: count) }
        return
      }
      opened.append(descriptor)
    }
  }
}

/// The process may open too few files.
package struct DescriptorShortage: Error, Equatable, CustomStringConvertible {
  let free, needed: Int

  package var description: String {
    "\(free == 0 ? "no file" : "only \(NumberText.count(free, "file"))") can be opened, and "
      + "\(needed) are needed; accepted is a higher limit, such as ulimit -n 256"
  }
}
