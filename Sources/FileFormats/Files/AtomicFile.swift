import Foundation

/// Writes files under a temporary name in the same folder and renames them when they are complete,
/// so that under its own name a file is either whole or absent. What was written is on the disk when
/// these return, also after a loss of power.
public enum AtomicFile {
  /// - Throws: `FileError`: `.cannotWrite`, or `.isDirectory` or `.notRegularFile` for what `path`
  ///   must not replace. What was at `path` before is then untouched.
  public static func write(_ data: Data, to path: String) throws(FileError) {
    try write(to: path) { (file) throws(FileError) in try file.write(data) }
  }

  /// Lets `body` write the content in parts; see ``write(_:to:)-(Data,_)``.
  static func write(
    to path: String, _ body: (OutputFile) throws(FileError) -> Void
  ) throws(FileError) {
    try checkReplaceable(path)
    let temporary = temporaryPath(for: path)
    do {
      let file = try OutputFile(temporaryPath: temporary, reportedPath: path)
      // Its lock is held until the file has its name.
      defer { withExtendedLifetime(file) {} }
      try body(file)
      try file.close()
      try rename(temporary, to: path)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Writes `text` as UTF-8; see ``write(_:to:)-(Data,_)``.
  public static func write(_ text: String, to path: String) throws(FileError) {
    try write(Data(text.utf8), to: path)
  }

  /// Copies a file; see ``write(_:to:)-(Data,_)``. It goes in parts, so that one of any size takes little
  /// memory.
  ///
  /// - Throws: `FileError`, also for a file that cannot be read.
  package static func copy(_ source: String, to path: String) throws(FileError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: source)
    } catch .empty {
      return try write(Data(), to: path)
    }
    try write(to: path) { (output) throws(FileError) in
      for start in stride(from: 0, to: file.count, by: copiedBytes) {
        let part = file.withUnsafeBytes { Data($0[start..<min(start + copiedBytes, $0.count)]) }
        try output.write(part)
      }
      try file.requireWhole()
    }
  }

  private static let copiedBytes = 1 << 20

  /// Gives a file a second name, which takes no room; where the file system has no such names, copies it.
  package static func link(_ source: String, to path: String) throws(FileError) {
    try checkReplaceable(path)
    let temporary = temporaryPath(for: path)
    guard Foundation.link(source, temporary) == 0 else { return try copy(source, to: path) }
    // Nothing is renamed where the two are one file already.
    defer { unlink(temporary) }
    try rename(temporary, to: path)
  }

  /// Lets `body` write `path` in the same way.
  ///
  /// - Parameter body: writes the file at the path it is given, which has the extension of `path`, and
  ///   puts it onto the disk.
  /// - Throws: what `body` throws, and as ``write(_:to:)-(Data,_)``; also when `body` left no file.
  static func withTemporaryFile<Result>(
    for path: String, _ body: (_ temporaryPath: String) throws -> Result
  ) throws -> Result {
    try checkReplaceable(path)
    let temporary = temporaryPath(for: path)
    do {
      let result = try body(temporary)
      try rename(temporary, to: path)
      return result
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Gives a file its name, and puts that onto the disk.
  ///
  /// - Throws: `FileError.cannotWrite`; `.moved` where the folder is locked and no longer in its place.
  package static func rename(_ temporary: String, to path: String) throws(FileError) {
    try LockedFolders.requireInPlace(path)
    guard Foundation.rename(temporary, path) == 0 else {
      throw .cannotWrite(path: path, errno: errno)
    }
    try OutputFolder.synchronize(OutputFolder.containing(path), reportedPath: path)
  }

  /// A hidden name of its own in the folder of `path`, with the same extension. What dead processes have
  /// left in that folder is removed.
  static func temporaryPath(for path: String) -> String {
    TemporaryFiles.removeLeftoversOnce(in: OutputFolder.containing(path))
    return TemporaryFiles.path(for: path)
  }

  static func checkReplaceable(_ path: String) throws(FileError) {
    try LockedFolders.requireInPlace(path)
    switch FileKind(atPath: path) {
    case .nothing, .regular: break
    case .directory: throw .isDirectory(path: path)
    case .other: throw .notRegularFile(path: path)
    }
  }
}
