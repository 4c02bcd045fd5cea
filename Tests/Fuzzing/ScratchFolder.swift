import Foundation

/// Folders in memory where there are such, because every execution writes files.
enum ScratchFolder {
  static let path: String = {
    let shared = "/dev/shm"
    let parent =
      FileManager.default.isWritableFile(atPath: shared) ? shared : NSTemporaryDirectory()
    return "\(parent)/unroll-fuzz-\(getpid())"
  }()

  /// An empty folder.
  static func cleared() -> String {
    try? FileManager.default.removeItem(atPath: path)
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  /// Writes a file, by the system's calls: Foundation's take most of an execution's time. The folder is made where
  /// it is missing.
  static func write(_ bytes: [UInt8], to name: String) {
    let place = "\(path)/\(name)"
    var file = open(place, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    if file < 0 {
      let folder = (place as NSString).deletingLastPathComponent
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      file = open(place, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    var written = 0
    while file >= 0, written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.write(file, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count <= 0 { break }
      written += count
    }
    close(file)
  }

  /// Every file in it, by its name in the folder, in the order of the names.
  static var files: [(name: String, bytes: [UInt8])] {
    let names = (FileManager.default.enumerator(atPath: path)?.allObjects as? [String]) ?? []
    return names.sorted().compactMap { name in
      guard let data = FileManager.default.contents(atPath: "\(path)/\(name)") else { return nil }
      return (name, Array(data))
    }
  }
}
