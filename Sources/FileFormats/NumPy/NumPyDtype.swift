/// The element types of NumPy's `.npy` format that are read here.
struct NumPyDtype: Equatable {
  enum Kind: Character {
    case float = "f"
    case signed = "i"
    case unsigned = "u"
    case bool = "b"
  }

  let kind: Kind
  /// Bytes an element.
  let width: Int
  let isBigEndian: Bool

  /// From a file's `descr`: `<f4`, `>i8`, `|u1`; nil for other types.
  init?(_ text: String) {
    var rest = Substring(text)
    isBigEndian = rest.first == ">"
    if let first = rest.first, "<>|=".contains(first) { rest = rest.dropFirst() }
    guard let letter = rest.popFirst(), let kind = Kind(rawValue: letter), let width = Int(rest),
      String(width) == rest
    else { return nil }
    let widths =
      switch kind {
      case .float: [2, 4, 8]
      case .signed, .unsigned: [1, 2, 4, 8]
      case .bool: [1]
      }
    guard widths.contains(width) else { return nil }
    (self.kind, self.width) = (kind, width)
  }

  /// As NumPy names it: `float32`.
  var name: String {
    switch kind {
    case .float: "float\(8 * width)"
    case .signed: "int\(8 * width)"
    case .unsigned: "uint\(8 * width)"
    case .bool: "bool"
    }
  }

  static let floatingPoint = ["float16", "float32", "float64"]
  static let integers = [
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool",
  ]
}
