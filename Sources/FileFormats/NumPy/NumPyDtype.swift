/// The element types of NumPy's `.npy` format that are read here.
struct NumPyDtype: Equatable {
  enum Kind: Character {
    case float = "f"
    case signed = "i"
    case unsigned = "u"
    case bool = "b"
    case text = "U"
  }

  let kind: Kind
  /// Bytes an element; of a text, four for each of its Unicode scalars.
  let width: Int
  let isBigEndian: Bool

  /// From a file's `descr`: `<f4`, `>i8`, `|u1`; nil for other types.
  init?(_ text: String) {
    var rest = Substring(text)
    isBigEndian = rest.first == ">"
    if let first = rest.first, "<>|=".contains(first) { rest = rest.dropFirst() }
    guard let letter = rest.popFirst(), let kind = Kind(rawValue: letter), let size = Int(rest),
      String(size) == rest
    else { return nil }
    self.kind = kind
    if kind == .text {
      let (width, overflow) = size.multipliedReportingOverflow(by: 4)
      guard width > 0, !overflow else { return nil }
      self.width = width
      return
    }
    let widths: [Int] =
      switch kind {
      case .float: [2, 4, 8]
      case .signed, .unsigned: [1, 2, 4, 8]
      case .bool: [1]
      case .text: []
      }
    guard widths.contains(size) else { return nil }
    width = size
  }

  /// As NumPy names it: `float32`.
  var name: String {
    switch kind {
    case .float: "float\(8 * width)"
    case .signed: "int\(8 * width)"
    case .unsigned: "uint\(8 * width)"
    case .bool: "bool"
    case .text: "str"
    }
  }

  static let floatingPoint = ["float16", "float32", "float64"]
  static let integers = [
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool",
  ]
  static let texts = ["str"]
}
