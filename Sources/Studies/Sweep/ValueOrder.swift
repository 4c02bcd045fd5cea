import UnrollText

/// The order of the values that a comparison's calls in one folder have given, one call after the other.
package enum ValueOrder {
  /// Values keep their places, and with them their colors in figures: those of a later call that are new
  /// come behind. One that names all of the earlier ones may put them into another order.
  package static func joined<Value: Hashable>(_ earlier: [Value], _ later: [Value]) -> [Value] {
    Set(later).isSuperset(of: earlier) ? later.distinct : (earlier + later).distinct
  }

  /// The same for thresholds and windows, where a number that is new comes before the first larger one of
  /// the same rule: `none,0.1,0.5,1` of `none,0.1,1` and `0.5`.
  package static func joined(numbers earlier: [String], _ later: [String]) -> [String] {
    let joined = joined(earlier, later)
    guard joined.starts(with: earlier) else { return joined }
    return joined[earlier.count...].reduce(into: earlier) { values, value in
      let place = values.firstIndex { RuleNumber(value).isBefore(RuleNumber($0)) }
      values.insert(value, at: place ?? values.count)
    }
  }
}

/// A threshold or window as a rule and a number: `norm:0.1`, `norm:2x`, `20`, `5:20`.
private struct RuleNumber {
  private let rule: [Substring]
  private let number: Double?

  init(_ text: String) {
    let prefix = text.lastIndex(of: ":").map { text[...$0] } ?? ""
    let unit = text.hasSuffix("x") ? text.suffix(1) : ""
    rule = [prefix, unit]
    number = Double(text.dropFirst(prefix.count).dropLast(unit.count))
  }

  /// Whether the rule is the same and the number smaller.
  func isBefore(_ other: RuleNumber) -> Bool {
    guard let number, let larger = other.number else { return false }
    return rule == other.rule && number < larger
  }
}
