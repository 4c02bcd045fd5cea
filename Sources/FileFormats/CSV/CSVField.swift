/// One field of a row to be written.
public enum CSVField: Equatable, Sendable {
  /// Text, quoted in the file where it needs quotes.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// A number; see ``encoded`` for its digits.
  case number(Double)
  /// An empty field: no value.
  case blank

  /// The value, or a blank for `nil`.
  public init(_ value: String?) { self = value.map { .text($0) } ?? .blank }

  /// The value, or a blank for `nil`.
  public init(_ value: Int?) { self = value.map { .integer($0) } ?? .blank }

  /// The value, or a blank for `nil`.
  public init(_ value: Double?) { self = value.map { .number($0) } ?? .blank }

  /// The number; nil for a text and a blank.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .text, .blank: nil
    }
  }

  /// The field as it stands in a file: text in quotes where it needs them (RFC 4180), a number as
  /// the shortest text that reads back to the same `Double`, or `nan`, `inf`, `-inf`.
  public var encoded: String {
    switch self {
    case .text(let text): CSVField.quoted(text)
    case .integer(let value): String(value)
    case .number(let value): value.isNaN ? "nan" : value.description
    case .blank: ""
    }
  }

  private static let special: Set<Unicode.Scalar> = [",", ";", "\t", "\"", "\n", "\r"]

  private static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let needsQuotes =
      scalars.contains(where: special.contains) || scalars.first == " " || scalars.last == " "
    guard needsQuotes else { return text }
    // Scalar by scalar: a quote and an accent after it are one Character.
    var quoted = "\""
    for scalar in scalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}

extension CSVField: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self = .text(value) }
}

extension CSVField: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self = .integer(value) }
}

extension CSVField: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Double) { self = .number(value) }
}

extension [CSVField] {
  /// The fields as one line, its end included.
  package var line: String { map(\.encoded).joined(separator: ",") + "\n" }
}
