import Foundation
import UnrollText

/// Numbers as a figure prints them, in fewer digits than a table has.
extension NumberText {
  /// A factor per step: three decimals where those say enough, else three digits.
  static func shortRate(_ value: Double) -> String {
    (0.01..<100).contains(value) ? fixed(value, decimals: 3) : digits(value, 3)
  }

  /// A half-life or a doubling time in steps.
  static func steps(_ value: Double) -> String {
    switch value {
    case 0.1..<100: fixed(value, decimals: 1)
    case 100..<1e6: fixed(value, decimals: 0)
    default: digits(value, 2)
    }
  }

  /// A count with its thousands parted by commas.
  static func count(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return digits(value, 3) }
    let text = fixed(value.rounded(), decimals: 0)
    let firstGroup = text.count % 3
    var result = ""
    for (index, digit) in text.enumerated() {
      if index > 0, index % 3 == firstGroup, result.last != "-" { result += "," }
      result.append(digit)
    }
    return result
  }

  /// A number in a gnuplot script, exact; gnuplot reads NaN as a gap.
  static func data(_ value: Double) -> String {
    guard value.isFinite else { return "NaN" }
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// `value` in at most `count` significant digits.
  static func digits(_ value: Double, _ count: Int) -> String {
    String(format: "%.\(count)g", value)
  }

  static func fixed(_ value: Double, decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}
