import Foundation
import Synchronization

/// The folders that this process has locked, by the paths under which it writes to them.
///
/// A lock is on a folder, and files are written by path. Where the folder was moved meanwhile, another run may
/// have made a new one at its path, whose files must stay as they are.
package enum LockedFolders {
  private struct Entry {
    let path: String
    let identity: FileIdentity?

    /// The folder's path with one slash behind it.
    var prefix: String { path.hasSuffix("/") ? path : path + "/" }
    var isInPlace: Bool { FileIdentity(atPath: path) == identity }
  }

  private static let entries = Mutex<[Int32: Entry]>([:])

  /// Notes the folder at `path`, which is locked by `descriptor`.
  static func add(_ path: String, _ descriptor: Int32) {
    let entry = Entry(path: path, identity: FileIdentity(of: descriptor))
    entries.withLock { $0[descriptor] = entry }
  }

  static func remove(_ descriptor: Int32) {
    entries.withLock { _ = $0.removeValue(forKey: descriptor) }
  }

  /// Refuses a file in a locked folder that is no longer where it was.
  ///
  /// - Throws: `FileError.moved` with the folder's path.
  package static func requireInPlace(_ path: String) throws(FileError) {
    let entries = entries.withLock { Array($0.values) }
    for entry in entries where path.hasPrefix(entry.prefix) && !entry.isInPlace {
      throw .moved(path: entry.path)
    }
  }

  /// Whether ``requireInPlace(_:)`` accepts the file.
  package static func isInPlace(_ path: String) -> Bool { (try? requireInPlace(path)) != nil }
}
