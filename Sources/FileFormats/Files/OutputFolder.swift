import Foundation

/// Folders for results.
public enum OutputFolder {
  /// Makes the folder, and those above it, unless it is there, and checks that it takes files by
  /// creating one.
  ///
  /// - Throws: `FileError`: `.cannotCreateFolder` (ENOTDIR where a file is in the way) or
  ///   `.cannotWrite`.
  public static func create(_ path: String) throws(FileError) {
    for end in path.indices where path[end] == "/" && end != path.startIndex {
      try createOne(String(path[..<end]))
    }
    try createOne(path)
    try checkWritable(path)
  }

  /// Makes a folder that was not there before: `base`, or `base-2`, `base-3`, … when it is taken.
  /// Two programs that ask at the same time get two folders.
  ///
  /// - Returns: the path of the folder made.
  /// - Throws: as ``create(_:)``.
  public static func createUnused(base: String) throws(FileError) -> String {
    if let slash = base.lastIndex(of: "/"), slash != base.startIndex {
      try create(String(base[..<slash]))
    }
    while true {
      let path = unused(base: base)
      if mkdir(path, 0o777) == 0 {
        try checkWritable(path)
        return path
      }
      guard errno == EEXIST else { throw .cannotCreateFolder(path: path, errno: errno) }
    }
  }

  /// The first of `base`, `base-2`, `base-3`, … at which nothing lies.
  public static func unused(base: String) -> String { unused(base: base, extension: "") }

  /// Lets `write` make a file that was not there before: `name.npz`, or `name-2.npz`, `name-3.npz`, … when
  /// it is taken. It has that name once it is whole. Two programs that finish at the same time get two files.
  ///
  /// - Parameter write: writes the file at the path that it is given, which has the same extension.
  /// - Returns: the path of the file made.
  /// - Throws: what `write` throws; `FileError.cannotWrite`.
  package static func withUnused(
    file: String, _ write: (_ path: String) throws(FileError) -> Void
  ) throws(FileError) -> String {
    let end = file.lastIndex(of: ".") ?? file.endIndex
    func next() -> String {
      unused(base: String(file[..<end]), extension: String(file[end...]))
    }
    let temporary = AtomicFile.temporaryPath(for: file)
    defer { unlink(temporary) }
    do throws(FileError) {
      try write(temporary)
    } catch .cannotWrite(temporary, let reason) {
      throw .cannotWrite(path: next(), errno: reason)
    }
    while true {
      let path = next()
      // A link, unlike a new name, never replaces what another program has just put there.
      if link(temporary, path) == 0 {
        try synchronize(containing(path), reportedPath: path)
        return path
      }
      switch errno {
      case EEXIST: continue
      // A file system without links.
      case EPERM, EOPNOTSUPP, ENOSYS:
        try AtomicFile.rename(temporary, to: path)
        return path
      case let reason: throw .cannotWrite(path: path, errno: reason)
      }
    }
  }

  private static func unused(base: String, extension kind: String) -> String {
    var path = base + kind
    var number = 2
    var status = stat()
    while lstat(path, &status) == 0 {
      path = "\(base)-\(number)\(kind)"
      number += 1
    }
    return path
  }

  /// The folder that `path` lies in.
  package static func containing(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Puts the names in the folder onto the disk: a file that was renamed has its new name even after
  /// a loss of power.
  ///
  /// File systems that cannot do that say so, and are left to their own order.
  ///
  /// - Throws: `FileError.cannotWrite` naming `reportedPath`.
  static func synchronize(_ folder: String, reportedPath: String) throws(FileError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A folder that can be written to but not listed cannot be opened.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if putOnDisk(descriptor) != 0, errno == EIO || errno == ENOSPC || errno == EDQUOT {
      throw .cannotWrite(path: reportedPath, errno: errno)
    }
  }

  private static func createOne(_ path: String) throws(FileError) {
    if FileKind(atPath: path) == .directory || mkdir(path, 0o777) == 0 { return }
    let reason = errno
    // Another program may have made it just now.
    if FileKind(atPath: path) == .directory { return }
    throw .cannotCreateFolder(path: path, errno: reason == EEXIST ? ENOTDIR : reason)
  }

  private static func checkWritable(_ path: String) throws(FileError) {
    let probe = AtomicFile.temporaryPath(for: path + "/probe")
    let file = try OutputFile(temporaryPath: probe, reportedPath: path)
    defer { unlink(probe) }
    try file.close()
  }
}
