/// How the fractions of numbers are written in a CSV file.
public enum DecimalMark: String, CaseIterable, Sendable {
  /// `1234.5`, or with groups of thousands `1,234.5`.
  case point
  /// `1234,5`, or with groups of thousands `1.234,5`.
  case comma
}

/// The numbers of CSV files: a sign, digits, a decimal point, more digits, an exponent, and blanks
/// around them. Nothing else is a number: no hexadecimal digits, and no name of a value that is not
/// finite.
public enum CSVNumber {
  /// The finite number that `text` is, nil where it is none.
  ///
  /// - Parameter mark: nil is a decimal point, and no groups of thousands: `1,234` may be either of
  ///   two numbers, so somebody has to say which. With a mark, groups of three digits may stand
  ///   apart, by the other mark, a blank or an apostrophe.
  public static func finite(_ text: String, decimal mark: DecimalMark? = nil) -> Double? {
    let trimmed = text.trimmingBlanks
    guard let plain = mark.map({ withoutGroups(trimmed, mark: $0) }) ?? trimmed, isPlain(plain),
      let number = Double(plain), number.isFinite
    else { return nil }
    return number
  }

  /// The number that ``CSVField/number(_:)`` wrote as `text`: as ``finite(_:decimal:)``, and `nan`,
  /// `inf` and `-inf`.
  public static func written(_ text: String) -> Double? {
    switch text {
    case "nan": .nan
    case "inf": .infinity
    case "-inf": -.infinity
    default: finite(text)
    }
  }

  /// Whether a sign, digits with a point among or beside them, and an exponent make up `text`.
  private static func isPlain(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func skip(_ accepted: (UInt8) -> Bool) -> Int {
      let count = rest.prefix(while: accepted).count
      rest = rest.dropFirst(count)
      return count
    }
    func skipOne(of bytes: UInt8...) -> Bool {
      guard let first = rest.first, bytes.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    let (plus, minus) = (UInt8(ascii: "+"), UInt8(ascii: "-"))
    _ = skipOne(of: plus, minus)
    var digits = skip(\.isDigit)
    if skipOne(of: UInt8(ascii: ".")) { digits += skip(\.isDigit) }
    guard digits > 0 else { return false }
    if skipOne(of: UInt8(ascii: "e"), UInt8(ascii: "E")) {
      _ = skipOne(of: plus, minus)
      guard skip(\.isDigit) > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// `text` with a decimal point and without marks between groups of three digits; nil where the
  /// marks do not stand between such groups.
  private static func withoutGroups(_ text: String, mark: DecimalMark) -> String? {
    let decimal: Unicode.Scalar = mark == .point ? "." : ","
    let separators: [Unicode.Scalar] = [
      mark == .point ? "," : ".", " ", "\u{A0}", "\u{202F}", "'", "\u{2019}",
    ]
    let scalars = Array(text.unicodeScalars)
    let whole = scalars.prefix { $0 != decimal && $0 != "e" && $0 != "E" }
    let rest = scalars[whole.count...]
    // A point under a decimal comma is left for the grammar to refuse.
    guard mark == .point || !rest.contains(".") else { return nil }
    var plain = String(String.UnicodeScalarView(rest.map { $0 == decimal ? "." : $0 }))
    guard let separator = whole.first(where: separators.contains) else {
      plain = String(String.UnicodeScalarView(whole)) + plain
      return plain
    }
    let groups = whole.split(separator: separator, omittingEmptySubsequences: false)
    let leading = groups[0].drop { $0 == "+" || $0 == "-" }
    // No number above 999 begins with 0: what looks like such groups has another decimal mark.
    guard (1...3).contains(leading.count), leading.first != "0",
      groups.dropFirst().allSatisfy({ $0.count == 3 }),
      (groups.dropFirst() + [leading]).joined().allSatisfy({ ("0"..."9").contains($0) })
    else { return nil }
    return String(String.UnicodeScalarView(groups.joined())) + plain
  }
}

extension String {
  /// The text without blanks, tabs and no-break spaces at its ends.
  var trimmingBlanks: String {
    let blanks = String.blanks
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !blanks.contains($0) }),
      let last = scalars.lastIndex(where: { !blanks.contains($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  private static let blanks: Set<Unicode.Scalar> = [" ", "\t", "\u{A0}", "\u{202F}", "\u{FEFF}"]
}
