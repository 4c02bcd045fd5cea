import Foundation

/// A JSON value. Integers that fit `Int` are kept apart from other numbers, and objects keep the
/// order of their keys.
public enum JSONValue: Equatable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without fraction or exponent that fits `Int`.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object(JSONObject)
}

extension JSONValue {
  /// The value that `data` is the JSON text of (RFC 8259, UTF-8).
  ///
  /// - Throws: `FileProblem`: `.notUTF8`, `.binary`, `.badJSON` (anything after the value
  ///   included), `.nestingTooDeep` beyond 64 levels, `.duplicateKey`.
  public init(parsing data: Data) throws(FileProblem) {
    var parser = JSONParser(data)
    self = try parser.parse()
  }

  /// The value in the JSON file at `path`.
  ///
  /// - Throws: `FileError`, with the line for problems that lie at one place.
  public init(contentsOf path: String) throws(FileError) {
    let file = try MappedFile(path: path)
    let data = try file.read { Data($0) }
    do {
      self = try JSONValue(parsing: data)
    } catch {
      throw file.withUnsafeBytes { .malformedText(path: path, error, in: $0) }
    }
  }

  /// Writes the value to `path` as indented text, whole or not at all.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(encoded(pretty: true) + "\n", to: path)
  }
}

extension JSONValue {
  /// Whether the value is `null`.
  public var isNull: Bool { self == .null }

  /// The value of `true` or `false`; nil for any other kind.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The value of an integer, or of a number without a fraction that fits `Int`.
  public var int: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The value of a number, integer or not.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value of a string; nil for any other kind.
  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements of an array; nil for any other kind.
  public var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The members of an object; nil for any other kind.
  public var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The value at `key` of an object; `nil` for an absent key and for what is not an object.
  public subscript(key: String) -> JSONValue? { object?[key] }
}
