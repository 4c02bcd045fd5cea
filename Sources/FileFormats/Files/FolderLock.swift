import Foundation

/// Keeps a folder to one program at a time, for as long as the object lives; the system lets go of
/// it too when the program ends, however that happens. Nothing is written to the folder.
///
/// As long as it lives, this process writes no file by a path in the folder once the folder was moved:
/// `FileError.moved`.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Where the file system has no locks, it is as if the folder had been free. A lock is waited for for
  /// a second: a process that another thread of this one, or of the last owner, has just forked holds it
  /// until it runs its own program.
  ///
  /// - Throws: `FileError.inUse` while somebody else has it; `.notReadable`.
  public init(_ path: String) throws(FileError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .notReadable(path: path, errno: errno) }
    var attempts = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { break }
      attempts += 1
      guard attempts < 50 else {
        close(descriptor)
        throw .inUse(path: path)
      }
      usleep(20_000)
    }
    LockedFolders.add(path, descriptor)
  }

  deinit {
    LockedFolders.remove(descriptor)
    close(descriptor)
  }

  /// Whether a program, this one included, has the folder now.
  ///
  /// The lock is taken for a moment to find out; whoever asks for it meanwhile waits that long. False for
  /// what is no folder, and where the file system has no locks.
  package static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
