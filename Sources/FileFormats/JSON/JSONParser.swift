import Foundation

/// A recursive-descent parser of RFC 8259, strict, over bytes already known to be UTF-8.
struct JSONParser {
  /// Deeper nesting is refused, long before it could exhaust the stack.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ data: Data) {
    bytes = [UInt8](data)
  }

  mutating func parse() throws(FileProblem) -> JSONValue {
    if let problem = bytes.withUnsafeBytes({ UTF8Decoding.firstProblem(in: $0) }) { throw problem }
    position = bytes.withUnsafeBytes { ByteOrderMark.length(in: $0) }
    let value = try parseValue()
    skipSpace()
    guard position == bytes.count else { throw bad }
    return value
  }

  private var bad: FileProblem { .badJSON(byteOffset: position) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FileProblem) {
    guard accept(character) else { throw bad }
  }

  private mutating func parseValue() throws(FileProblem) -> JSONValue {
    skipSpace()
    switch next.map({ Unicode.Scalar($0) }) {
    case "{":
      try enter()
      defer { depth -= 1 }
      return .object(try parseObject())
    case "[":
      try enter()
      defer { depth -= 1 }
      return .array(try parseArray())
    case "\"": return .string(try parseString())
    case "t": return try parseWord("true", .bool(true))
    case "f": return try parseWord("false", .bool(false))
    case "n": return try parseWord("null", .null)
    default: return try parseNumber()
    }
  }

  private mutating func enter() throws(FileProblem) {
    guard depth < JSONParser.depthLimit else {
      throw .nestingTooDeep(limit: JSONParser.depthLimit)
    }
    depth += 1
  }

  private mutating func parseWord(
    _ word: StaticString, _ value: JSONValue
  ) throws(FileProblem) -> JSONValue {
    for byte in word.description.utf8 {
      guard next == byte else { throw bad }
      position += 1
    }
    return value
  }

  private mutating func parseArray() throws(FileProblem) -> [JSONValue] {
    var values: [JSONValue] = []
    try expect("[")
    skipSpace()
    if accept("]") { return values }
    while true {
      values.append(try parseValue())
      skipSpace()
      if accept("]") { return values }
      try expect(",")
    }
  }

  private mutating func parseObject() throws(FileProblem) -> JSONObject {
    var object = JSONObject()
    try expect("{")
    skipSpace()
    if accept("}") { return object }
    while true {
      skipSpace()
      let key = try parseString()
      guard object[key] == nil else { throw .duplicateKey(key) }
      skipSpace()
      try expect(":")
      object[key] = try parseValue()
      skipSpace()
      if accept("}") { return object }
      try expect(",")
    }
  }

  private mutating func parseNumber() throws(FileProblem) -> JSONValue {
    let start = position
    let isNegative = accept("-")
    if !accept("0") { try skipDigits() }
    var isInteger = true
    if accept(".") {
      isInteger = false
      try skipDigits()
    }
    if accept("e") || accept("E") {
      isInteger = false
      if !accept("+") { _ = accept("-") }
      try skipDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    // "-0" is a number, so that its sign is kept.
    if isInteger, let value = Int(text), !(isNegative && value == 0) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw .badJSON(byteOffset: start)
    }
    return .number(value)
  }

  private mutating func skipDigits() throws(FileProblem) {
    guard let first = next, first.isDigit else { throw bad }
    while let byte = next, byte.isDigit { position += 1 }
  }

  private mutating func parseString() throws(FileProblem) -> String {
    try expect("\"")
    var content: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        content.append(contentsOf: String(try parseEscape()).utf8)
      case 0x00..<0x20:
        throw bad
      default:
        content.append(byte)
        position += 1
      }
    }
    throw bad
  }

  /// What follows a backslash, a surrogate pair of `\u` escapes included.
  private mutating func parseEscape() throws(FileProblem) -> Unicode.Scalar {
    let start = position
    guard let byte = next else { throw bad }
    position += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": return Unicode.Scalar(byte)
    case "b": return "\u{08}"
    case "f": return "\u{0C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      var value = try parseFourHexDigits()
      if (0xD800..<0xDC00).contains(value), accept("\\"), accept("u") {
        let low = try parseFourHexDigits()
        guard (0xDC00..<0xE000).contains(low) else { throw .badJSON(byteOffset: start) }
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      }
      if let scalar = Unicode.Scalar(value) { return scalar }
      fallthrough
    default: throw .badJSON(byteOffset: start)
    }
  }

  private mutating func parseFourHexDigits() throws(FileProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw bad
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
