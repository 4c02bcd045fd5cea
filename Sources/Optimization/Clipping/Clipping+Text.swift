import UnrollText

extension Clipping {
  /// The forms accepted by ``init(_:)``.
  public static let accepted =
    "none, \(forms(of: rules)) with \(numbers) (a bare number is norm:)"

  /// `τ, λ > 0 and 0 ≤ p ≤ 100`, which numbers the rules take.
  private static var numbers: String {
    func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
      var seen: Set<Value> = []
      return values.filter { seen.insert($0).inserted }
    }
    return distinct(rules.map(\.accepted)).map { range in
      let symbols = distinct(rules.filter { $0.accepted == range }.map(\.symbol))
        .joined(separator: ", ")
      return range == Rule.positive
        ? "\(symbols) > 0"
        : "\(range.lowerBound.plainText) ≤ \(symbols) ≤ \(range.upperBound.plainText)"
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
    for rule in Self.rules {
      let number = try InvalidSetting.number(
        in: text, after: rule.name, accepted: rule.acceptedForm, where: rule.accepted.contains)
      if let number {
        self = rule.make(number)
        return
      }
    }
    guard let limit = Double(text), Rule.norm.accepted.contains(limit) else {
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
    self = .norm(limit)
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
