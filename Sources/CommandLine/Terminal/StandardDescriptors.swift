import Foundation

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
}
