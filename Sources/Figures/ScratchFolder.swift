import Foundation
import UnrollFileFormats

/// A hidden folder next to where the finished files go, so that each can be moved there in one
/// step. It is removed with whatever it still holds, so that a failure leaves nothing behind; where the
/// process is killed, by the next one.
struct ScratchFolder {
  let path: String
  /// Says that somebody is at work here.
  private let lock: FolderLock?

  /// Runs `body` with a new folder inside `parent`. Throws `FigureError.cannotWrite` when it can
  /// not be made, and whatever `body` throws.
  static func with<Result>(
    in parent: String, _ body: (ScratchFolder) throws(FigureError) -> Result
  ) throws(FigureError) -> Result {
    TemporaryFiles.removeLeftoversOnce(in: parent)
    let path = TemporaryFiles.path(for: joined(parent, "figure"))
    guard mkdir(path, 0o777) == 0 else {
      throw .cannotWrite(path: parent, errno: errno)
    }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(ScratchFolder(path: path, lock: try? FolderLock(path)))
  }

  func file(_ name: String) -> String { Self.joined(path, name) }

  func write(_ text: String, to name: String) throws(FigureError) {
    let handle = try create(name)
    do {
      try handle.write(contentsOf: Data(text.utf8))
      try handle.close()
    } catch {
      throw .cannotWrite(path: file(name), errno: Self.systemReason(error))
    }
  }

  /// A new, empty file, open for writing.
  private func create(_ name: String) throws(FigureError) -> FileHandle {
    let descriptor = open(file(name), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: file(name), errno: errno) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// The file's bytes; nil when there is no such file.
  func read(_ name: String) -> Data? { FileManager.default.contents(atPath: file(name)) }

  /// Moves the file to `folder` in one step, replacing the one already there. Returns its path.
  func publish(_ name: String, to folder: String) throws(FigureError) -> String {
    let target = Self.joined(folder, name)
    guard LockedFolders.isInPlace(target) else {
      throw .cannotWrite(path: target, errno: ESTALE)
    }
    guard rename(file(name), target) == 0 else {
      throw .cannotWrite(path: target, errno: errno)
    }
    return target
  }

  /// Removes the file that an earlier ``publish(_:to:)`` has left in `folder`.
  func withdraw(_ name: String, from folder: String) {
    let target = Self.joined(folder, name)
    guard LockedFolders.isInPlace(target) else { return }
    unlink(target)
  }

  private static func joined(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  private static func systemReason(_ error: any Error) -> Int32 {
    var reason: NSError? = error as NSError
    while let present = reason {
      if present.domain == NSPOSIXErrorDomain { return Int32(truncatingIfNeeded: present.code) }
      reason = present.userInfo[NSUnderlyingErrorKey] as? NSError
    }
    return EIO
  }
}
