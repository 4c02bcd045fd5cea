import UnrollFileFormats

/// A value of an option that may name a file, and may be something else: `0.1` or `test.npz`.
package protocol FileNaming {
  /// The path of the file; nil where the value names none.
  var namedFile: String? { get }
  /// The value's text with another path in place of the file's.
  func text(withFile path: String) -> String
}

extension FileNaming {
  package func text(withFile path: String) -> String { path }
}

extension OptionValue {
  /// The file that a value of a form of its own names; nil where it names none.
  var namedFile: String? {
    if case .custom(let value as any FileNaming, _) = self { value.namedFile } else { nil }
  }

  /// The text that files record, with a path from the root; nil for a value that names no file.
  package var textFromRoot: String? {
    guard case .custom(let value as any FileNaming, _) = self, let path = value.namedFile
    else { return nil }
    return value.text(withFile: AbsolutePath.of(path))
  }
}
