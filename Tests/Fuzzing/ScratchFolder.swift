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

  static func write(_ bytes: [UInt8], to name: String) {
    let place = "\(path)/\(name)"
    let folder = (place as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Data(bytes).write(to: URL(filePath: place))
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
