import UnrollText

/// The order of the values that a comparison's calls in one folder have given, one call after the other.
package enum ValueOrder {
  /// Values keep their places, and with them their colors in figures: those of a later call that are new
  /// come behind. One that names all of the earlier ones may put them into another order.
  package static func joined<Value: Hashable>(_ earlier: [Value], _ later: [Value]) -> [Value] {
    namesAll(later, of: earlier) ? later.distinct : (earlier + later).distinct
  }

  /// The same for thresholds and windows, where a number that is new comes before the first larger one of
  /// the same rule: `none,0.1,0.5,1` of `none,0.1,1` and `0.5`.
  package static func joined(numbers earlier: [String], _ later: [String]) -> [String] {
    if namesAll(later, of: earlier) { return later.distinct }
    let known = Set(earlier)
    return later.distinct.filter { !known.contains($0) }.reduce(into: earlier) { values, value in
      let place = values.firstIndex { RuleNumber(value).isBefore(RuleNumber($0)) }
      values.insert(value, at: place ?? values.count)
    }
  }

  private static func namesAll<Value: Hashable>(_ later: [Value], of earlier: [Value]) -> Bool {
    Set(later).isSuperset(of: earlier)
  }
}
