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
    /// The paper it comes from.
    public let source: String
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
    formula: "g·τ/‖g‖ where ‖g‖ > τ",
    source: "Pascanu, Mikolov & Bengio 2013"
  ) { .norm($0) }

  static let value = Self(
    name: "value", symbol: "τ", accepted: positive, summary: "each element",
    formula: "min(τ, max(-τ, g_i))",
    source: "Mikolov 2012"
  ) { .value($0) }

  static let tensor = Self(
    name: "tensor", symbol: "τ", accepted: positive, summary: "each parameter by its norm",
    formula: "G·τ/‖G‖ where ‖G‖ > τ",
    source: "Pascanu, Mikolov & Bengio 2013, tensor by tensor"
  ) { .tensor($0) }

  static let state = Self(
    name: "state", symbol: "τ", accepted: positive,
    summary: "pre-activations, at each step of the backward pass",
    formula: "min(τ, max(-τ, ∂L/∂a))", source: "Graves 2013", isRecurrent: true
  ) { .state($0) }

  static let agc = Self(
    name: "agc", symbol: "λ", accepted: positive, summary: "each unit by its weights' norm",
    formula: "G·τ/‖G‖ where ‖G‖ > τ = λ·max(‖W‖, 0.001)",
    source: "Brock, De, Smith & Simonyan 2021"
  ) { .agc($0) }

  static let auto = Self(
    name: "auto", symbol: "p", accepted: 0...100, summary: "p-th percentile of the norms so far",
    formula: "g·τ/‖g‖ where ‖g‖ > τ, that percentile",
    source: "Seetharaman, Wichern, Pardo & Le Roux 2020"
  ) { .auto($0) }

  /// Any number above 0.
  static let positive = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
}
