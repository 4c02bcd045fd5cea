extension Clipping {
  /// A rule's row in the table ``Clipping/rules``.
  public struct Rule: Sendable {
    /// The name in the rule's text, `norm` in `norm:1`.
    public let name: String
    /// What its number is called.
    public let symbol: String
    /// Which numbers it takes.
    public let accepted: ClosedRange<Double>
    /// What is clipped and when, in a few words: `each element`.
    public let summary: String
    /// What becomes of the gradient, as an equation.
    public let formula: String
    /// Whether it clips within the backward pass through time, which other networks do not have.
    public internal(set) var isRecurrent = false
    /// The clipping with a number that is accepted.
    public let make: @Sendable (Double) -> Clipping

    /// `norm:τ`.
    public var form: String { "\(name):\(symbol)" }

    /// `norm:τ with τ > 0`, `auto:p with 0 ≤ p ≤ 100`.
    var acceptedForm: String { "\(form) with \(Self.words(accepted, of: symbol))" }

    /// `τ > 0`, `0 ≤ p ≤ 100`.
    static func words(_ range: ClosedRange<Double>, of symbols: String) -> String {
      range == positive
        ? "\(symbols) > 0"
        : "\(range.lowerBound.plainText) ≤ \(symbols) ≤ \(range.upperBound.plainText)"
    }
  }
}

extension Clipping.Rule {
  static let norm = Self(
    name: "norm", symbol: "τ", accepted: positive, summary: "global norm",
    formula: "g·τ/‖g‖ where ‖g‖ > τ"
  ) { .norm($0) }

  static let value = Self(
    name: "value", symbol: "τ", accepted: positive, summary: "each element",
    formula: "min(τ, max(-τ, g_i))"
  ) { .value($0) }

  static let tensor = Self(
    name: "tensor", symbol: "τ", accepted: positive, summary: "each parameter by its norm",
    formula: "G·τ/‖G‖ where ‖G‖ > τ"
  ) { .tensor($0) }

  static let state = Self(
    name: "state", symbol: "τ", accepted: positive,
    summary: "pre-activations, at each step of the backward pass",
    formula: "min(τ, max(-τ, ∂L/∂a))", isRecurrent: true
  ) { .state($0) }

  static let agc = Self(
    name: "agc", symbol: "λ", accepted: positive, summary: "each unit by its weights' norm",
    formula: "G·τ/‖G‖ where ‖G‖ > τ = λ·max(‖W‖, 0.001)"
  ) { .agc($0) }

  static let auto = Self(
    name: "auto", symbol: "p", accepted: 0...100, summary: "p-th percentile of the norms so far",
    formula: "g·τ/‖g‖ where ‖g‖ > τ, that percentile"
  ) { .auto($0) }

  /// Any number above 0.
  static let positive = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
}
