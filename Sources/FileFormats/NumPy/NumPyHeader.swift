/// The header of a `.npy` file (NEP 1; versions 1.0 to 3.0): six bytes of magic, two of version, the
/// length of the text that follows, and the text: a Python dictionary.
struct NumPyHeader: Equatable {
  let dtype: NumPyDtype
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the elements start.
  let dataStart: Int

  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// As many bytes of a compressed array are inflated for its header. One of version 1.0 has at most 65,535, and only
  /// types of several fields, which are not read, need more.
  static let mostBytes = 1 << 17

  /// Reads the header of a file of `size` bytes, of which `bytes` are the first, and compares the size with what it
  /// asks for.
  ///
  /// - Throws: `FileProblem.numPy`.
  init(
    _ bytes: UnsafeRawBufferPointer, of size: Int, array: String
  ) throws(FileProblem) {
    func fail(_ problem: NumPyProblem) -> FileProblem { .numPy(array: array, problem) }
    guard bytes.starts(with: NumPyHeader.magic), bytes.count >= 10 else { throw fail(.noHeader) }
    let version = (bytes[6], bytes[7])
    guard (1...3).contains(version.0), version.1 == 0 else {
      throw fail(.version(Int(version.0), Int(version.1)))
    }
    let lengthWidth = version.0 == 1 ? 2 : 4
    guard bytes.count >= 8 + lengthWidth else { throw fail(.noHeader) }
    let length = bytes[8..<8 + lengthWidth].reversed().reduce(0) { $0 << 8 | Int($1) }
    dataStart = 8 + lengthWidth + length
    guard dataStart <= bytes.count else { throw fail(.noHeader) }
    var parser = PythonLiteralParser(
      String(decoding: bytes[(8 + lengthWidth)..<dataStart], as: UTF8.self))
    guard let entries = parser.dictionary(), case .boolean(let order)? = entries["fortran_order"],
      case .integers(let shape)? = entries["shape"], let descr = entries["descr"]
    else { throw fail(.noHeader) }
    guard case .text(let text) = descr else { throw fail(.dtype("of several fields")) }
    guard let dtype = NumPyDtype(text) else { throw fail(.dtype(text)) }
    (self.dtype, self.shape, isFortranOrder) = (dtype, shape, order)
    let actual = size - dataStart
    guard let expected = (shape + [dtype.width]).checkedProduct, expected == actual else {
      throw fail(.size(shape: shape, dtype: dtype.name, actualBytes: actual))
    }
  }
}

/// The values that stand in a header: texts, `True` and `False`, and tuples of numbers. Lists, as
/// types of several fields have, are passed over.
private struct PythonLiteralParser {
  enum Value: Equatable {
    case text(String)
    case boolean(Bool)
    case integers([Int])
    case other
  }

  private var rest: Substring

  init(_ text: String) { rest = Substring(text) }

  /// The dictionary that the whole text is; nil for anything else.
  mutating func dictionary() -> [String: Value]? {
    guard accept("{") else { return nil }
    var entries: [String: Value] = [:]
    while !accept("}") {
      guard let key = string(), accept(":"), let value = value() else { return nil }
      entries[key] = value
      guard accept(",") || peek == "}" else { return nil }
    }
    return peek == nil ? entries : nil
  }

  private var peek: Character? { rest.first { !$0.isWhitespace } }

  private mutating func accept(_ text: String) -> Bool {
    rest = rest.drop(while: \.isWhitespace)
    guard rest.hasPrefix(text) else { return false }
    rest = rest.dropFirst(text.count)
    return true
  }

  private mutating func string() -> String? {
    guard let quote = peek, quote == "'" || quote == "\"", accept(String(quote)) else { return nil }
    let content = rest.prefix { $0 != quote && $0 != "\\" }
    rest = rest.dropFirst(content.count)
    return accept(String(quote)) ? String(content) : nil
  }

  private mutating func value() -> Value? {
    if let text = string() { return .text(text) }
    if accept("True") { return .boolean(true) }
    if accept("False") { return .boolean(false) }
    if accept("(") { return tuple().map { .integers($0) } }
    if accept("[") {
      var depth = 1
      while depth > 0, let character = rest.popFirst() {
        depth += character == "[" ? 1 : character == "]" ? -1 : 0
      }
      return depth == 0 ? .other : nil
    }
    return nil
  }

  private mutating func tuple() -> [Int]? {
    var numbers: [Int] = []
    while !accept(")") {
      rest = rest.drop(while: \.isWhitespace)
      let digits = rest.prefix { ("0"..."9").contains($0) }
      guard let number = Int(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      numbers.append(number)
      // Python 2 wrote long integers so.
      _ = accept("L")
      guard accept(",") || peek == ")" else { return nil }
    }
    return numbers
  }
}
