import Foundation
import UnrollText

/// An open file that is written from front to back. Errors name `reportedPath`, the file that the
/// user asked for, rather than the temporary one that is being written.
final class OutputFile {
  private let reportedPath: String
  private var descriptor: Int32
  /// Holds the lock of a temporary file for as long as the object lives; -1 for others.
  private var lock: Int32 = -1

  /// Opens `path` with `flags` in addition to those for writing and creating.
  init(path: String, flags: Int32, reportedPath: String) throws(FileError) {
    self.reportedPath = reportedPath
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: reportedPath, errno: errno) }
  }

  /// Makes a temporary file, which the next process to write to the folder removes where this one cannot.
  convenience init(temporaryPath: String, reportedPath: String) throws(FileError) {
    try self.init(path: temporaryPath, flags: O_EXCL, reportedPath: reportedPath)
    TemporaryFiles.lock(descriptor)
    lock = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
  }

  deinit {
    if descriptor >= 0 { Foundation.close(descriptor) }
    if lock >= 0 { Foundation.close(lock) }
  }

  func write(_ data: Data) throws(FileError) {
    require(descriptor >= 0, "expected an open file, got a closed one")
    var rest = data[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        throw .cannotWrite(path: reportedPath, errno: errno)
      }
    }
  }

  /// Puts everything written so far onto the disk.
  func synchronize() throws(FileError) {
    require(descriptor >= 0, "expected an open file, got a closed one")
    if putOnDisk(descriptor) != 0 { throw .cannotWrite(path: reportedPath, errno: errno) }
  }

  /// Puts everything written onto the disk and closes the file.
  func close() throws(FileError) {
    let synchronized = putOnDisk(descriptor)
    let reason = errno
    let closed = Foundation.close(descriptor)
    let closeReason = errno
    descriptor = -1
    if synchronized != 0 { throw .cannotWrite(path: reportedPath, errno: reason) }
    if closed != 0 { throw .cannotWrite(path: reportedPath, errno: closeReason) }
  }
}
