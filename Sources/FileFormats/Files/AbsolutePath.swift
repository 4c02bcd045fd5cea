import Foundation

/// Paths from the root.
package enum AbsolutePath {
  /// `path` from the root, so that it names the same file from any folder. Nothing is looked up, and
  /// `..` and links stay as they are.
  package static func of(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    var rest = Substring(path)
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    let folder = FileManager.default.currentDirectoryPath
    return folder == "/" ? "/\(rest)" : "\(folder)/\(rest)"
  }

  /// The same with links and `..` followed as far as they lead somewhere, so that paths to the same file
  /// are equal.
  package static func resolved(_ path: String) -> String {
    URL(filePath: of(path)).resolvingSymlinksInPath().path
  }
}
