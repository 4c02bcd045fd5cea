/// A threshold or window as a rule and a number, by which such values are sorted: `norm:0.1`, `norm:2x`,
/// `20`, `5:20`. Values such as `none` have no number.
package struct RuleNumber: Sendable {
  /// What stands around the number: `norm:` before it, or `x` behind it.
  package struct Rule: Hashable, Sendable {
    package let prefix: String
    package let unit: String
  }

  package let rule: Rule
  package let number: Double?

  package init(_ text: String) {
    let prefix = text.lastIndex(of: ":").map { text[...$0] } ?? ""
    let unit = text.hasSuffix("x") ? "x" : ""
    rule = Rule(prefix: String(prefix), unit: unit)
    number = Double(text.dropFirst(prefix.count).dropLast(unit.count))
  }

  /// Whether the rule is the same and the number smaller.
  package func isBefore(_ other: RuleNumber) -> Bool {
    guard let number, let larger = other.number else { return false }
    return rule == other.rule && number < larger
  }
}
