/// A value of an option that may name a file, and may be something else: `0.1` or `test.npz`.
package protocol FileNaming {
  /// The path of the file; nil where the value names none.
  var namedFile: String? { get }
}

extension OptionValue {
  /// The file that a value of a form of its own names; nil where it names none.
  var namedFile: String? {
    if case .custom(let value as any FileNaming, _) = self { value.namedFile } else { nil }
  }
}
