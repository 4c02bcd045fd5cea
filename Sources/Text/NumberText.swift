import Foundation

/// Numbers as people read them.
package enum NumberText {
  /// Four significant digits: `0.01235`, `12.35`, `1,235`, `1.235e-07`; `nan`, `inf`, `-inf`.
  package static func significant(_ x: Double) -> String {
    guard x.isFinite else { return x.isNaN ? "nan" : x > 0 ? "inf" : "-inf" }
    let size = abs(x)
    if size == 0 { return "0.000" }
    // 9999.5 and above round to five digits, written out as a count up to a million.
    if size >= 999.95, size < 999_999.5 { return count(Int(x.rounded())) }
    if size >= 1_000_000 || size < 0.0001 { return String(format: "%.3e", x) }
    // Of the rounded number: 0.99999 has one digit before the point.
    let whole = Int(floor(log10(size * (1 + 5e-5))))
    return String(format: "%.\(max(0, 3 - whole))f", x)
  }

  /// A factor a step: three decimals where those say enough, otherwise four significant digits.
  package static func rate(_ x: Double) -> String {
    (0.01..<100).contains(x) ? String(format: "%.3f", x) : significant(x)
  }

  /// Two significant digits with an exponent, as an error is read: `3.1e-09`, `0`, `inf`.
  package static func scientific(_ x: Double) -> String {
    x.isFinite && x != 0 ? String(format: "%.1e", x) : x.plainText
  }

  /// A whole number with a comma between thousands: `65,536`.
  package static func count(_ n: Int) -> String {
    var digits = String(n.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (n < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// A count with its noun: `1 update`, `8,000 updates`.
  ///
  /// - Parameter plural: for nouns and phrases that do more than end in "s".
  package static func count(_ n: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count(n)) \(n == 1 ? noun : plural ?? noun + "s")"
  }

  /// A share of one as a percentage: `0%`, `0.3%`, `12%`, `98.6%`, `100%`. Near to all the tenths tell whether
  /// 99% was reached. Only none is 0% and only all is 100%: what is nearer to them than a tenth of a percent is
  /// `<0.1%` or `>99.9%`.
  package static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "-" }
    let percent = share * 100
    if percent > 0, percent < 0.05 { return "<0.1%" }
    if percent >= 99.95, percent < 100 { return ">99.9%" }
    return (percent > 0 && percent < 0.95) || (percent >= 97.95 && percent < 100)
      ? String(format: "%.1f%%", percent) : String(format: "%.0f%%", percent)
  }

  /// A duration: `0.42s`, `4.2s`, `42s`, `1m 03s`, `2h 05m`, `3d 04h`; `-` when it is not known.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "-" }
    if seconds < 0.995 { return String(format: "%.2fs", seconds) }
    if seconds < 9.95 { return String(format: "%.1fs", seconds) }
    let whole = Int(seconds.rounded())
    let (minutes, hours, days) = (whole / 60, whole / 3_600, whole / 86_400)
    if minutes == 0 { return "\(whole)s" }
    if hours == 0 { return "\(minutes)m \(twoDigits(whole % 60))s" }
    if days == 0 { return "\(hours)h \(twoDigits(minutes % 60))m" }
    return "\(days)d \(twoDigits(hours % 24))h"
  }

  /// How many a second, in three digits: `0.123`, `4.56`, `78.9`, `629`, `12,345`; `-` when it is
  /// not known.
  package static func speed(_ rate: Double) -> String {
    guard rate.isFinite, rate >= 0, rate < 1e15 else { return "-" }
    if rate >= 99.95 { return count(Int(rate.rounded())) }
    return String(format: rate >= 9.995 ? "%.1f" : rate >= 0.9995 ? "%.2f" : "%.3f", rate)
  }

  private static func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }
}
