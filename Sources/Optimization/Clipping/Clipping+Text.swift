import UnrollText

extension Clipping {
  /// The forms accepted by ``init(_:)``.
  public static let accepted =
    "none, \(forms(of: rules)) with \(numbers) (a bare number is norm:)"

  /// `τ, λ > 0 and 0 ≤ p ≤ 100`, which numbers the rules take.
  private static var numbers: String {
    rules.map(\.accepted).distinct.map { range in
      let symbols = rules.filter { $0.accepted == range }.map(\.symbol).distinct
      return Rule.words(range, of: symbols.joined(separator: ", "))
    }.listed("and")
  }

  /// Reads a rule: `none`, `norm:1`, or a number alone for `norm:`.
  ///
  /// - Throws: ``InvalidSetting`` for any other text.
  public init(_ text: String) throws(InvalidSetting) {
    if text == "none" {
      self = .none
      return
    }
    if let rule = Self.rule(named: text),
      let number = try InvalidSetting.number(
        in: text, after: rule.name, accepted: rule.acceptedForm, where: rule.accepted.contains)
    {
      self = rule.make(number)
      return
    }
    guard let limit = Double.written(text), Rule.norm.accepted.contains(limit) else {
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
    self = .norm(limit)
  }

  /// The rule that `text` names, `norm` in `norm:1`, whatever its number; nil for none.
  package static func rule(named text: String) -> Rule? {
    rules.first { text.hasPrefix($0.name + ":") }
  }

  /// `norm:τ, value:τ`, the forms of some rules.
  package static func forms(of rules: [Rule]) -> String {
    rules.map(\.form).joined(separator: ", ")
  }

  /// `norm:τ (global norm), value:τ (each element)`, the forms of all rules with their summaries.
  package static let summary = rules.map { "\($0.form) (\($0.summary))" }.joined(separator: ", ")

  /// The forms of all rules with their summaries and formulas, for a paragraph of text.
  package static let formulas = rules.map { "\($0.form) (\($0.summary)): \($0.formula)" }
    .joined(separator: "; ")
}

extension Clipping: CustomStringConvertible {
  /// The text that ``init(_:)`` reads back.
  public var description: String {
    threshold.map { "\(name):\($0.plainText)" } ?? name
  }
}
