import UnrollDenseMath
import UnrollText

/// What is done to a gradient that is too large: the table of rules, which feeds the command line,
/// help, checkpoints and tests. Each rule's equations stand with its ``Clipper``.
public enum Clipping: Sendable, Equatable {
  case none
  /// The whole gradient, by its global norm: ``NormClipper``.
  case norm(Double)
  /// Each element: ``ValueClipper``.
  case value(Double)
  /// Each named parameter by its own norm: ``UnitClipper/perTensor(_:layout:chunk:)``.
  case tensor(Double)
  /// The whole gradient, by a percentile of the norms so far: ``PercentileClipper``.
  case auto(Double)
  /// Each unit by its weights' norm: ``UnitClipper/adaptive(_:layout:chunk:)``.
  case agc(Double)
  /// The pre-activations' gradients at each step of the way back through time (Graves 2013,
  /// *Generating sequences with recurrent neural networks*): `PreactivationClipper` in RecurrentCells. The
  /// gradient that comes of it is left alone.
  case state(Double)

  /// A rule's row in the table.
  private struct Rule: Sendable {
    let name: String
    let symbol: String
    let accepts: ClosedRange<Double>
    let make: @Sendable (Double) -> Clipping
  }

  private static let positive = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude

  private static let rules: [Rule] = [
    Rule(name: "norm", symbol: "τ", accepts: positive) { .norm($0) },
    Rule(name: "value", symbol: "τ", accepts: positive) { .value($0) },
    Rule(name: "tensor", symbol: "τ", accepts: positive) { .tensor($0) },
    Rule(name: "state", symbol: "τ", accepts: positive) { .state($0) },
    Rule(name: "agc", symbol: "λ", accepts: positive) { .agc($0) },
    Rule(name: "auto", symbol: "p", accepts: 0...100) { .auto($0) },
  ]

  /// The rule's name and number.
  private var parts: (name: String, number: Double)? {
    switch self {
    case .none: nil
    case .norm(let limit): ("norm", limit)
    case .value(let limit): ("value", limit)
    case .tensor(let limit): ("tensor", limit)
    case .state(let limit): ("state", limit)
    case .agc(let share): ("agc", share)
    case .auto(let percentile): ("auto", percentile)
    }
  }

  /// The rule at work on gradients laid out as `layout`, which come in chunks of `chunk` elements,
  /// the last perhaps shorter.
  public func makeClipper<Element: Scalar>(
    for layout: ParameterLayout, chunk: Int, as type: Element.Type = Element.self
  ) -> any Clipper<Element> {
    switch self {
    case .none, .state: NoClipper<Element>()
    case .norm(let limit): NormClipper<Element>(limit: limit)
    case .value(let limit): ValueClipper<Element>(limit: limit)
    case .tensor(let limit): UnitClipper<Element>.perTensor(limit, layout: layout, chunk: chunk)
    case .agc(let share): UnitClipper<Element>.adaptive(share, layout: layout, chunk: chunk)
    case .auto(let percentile): PercentileClipper<Element>(percentile)
    }
  }

  // MARK: Text

  /// The forms accepted by ``init(_:)``.
  public static let accepted = {
    let forms = rules.map { "\($0.name):\($0.symbol)" }.joined(separator: ", ")
    return "none, \(forms) with τ, λ > 0 and 0 ≤ p ≤ 100 (a bare number is norm:)"
  }()

  /// - Throws: ``InvalidSetting`` for any other text.
  public init(_ text: String) throws(InvalidSetting) {
    if text == "none" {
      self = .none
      return
    }
    for rule in Self.rules {
      let number = try InvalidSetting.number(
        in: text, after: rule.name, accepted: Self.accepted, where: rule.accepts.contains)
      if let number {
        self = rule.make(number)
        return
      }
    }
    guard let limit = Double(text), Self.positive.contains(limit) else {
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
    self = .norm(limit)
  }

  /// The rule's number: τ, λ or p; nil without one.
  public var threshold: Double? { parts?.number }

  /// τ of `state:τ`, nil for other rules.
  public var stateLimit: Double? {
    if case .state(let limit) = self { limit } else { nil }
  }
}

extension Clipping: CustomStringConvertible {
  /// The text that ``init(_:)`` reads back.
  public var description: String {
    parts.map { "\($0.name):\($0.number.plainText)" } ?? "none"
  }
}

extension Clipping {
  /// What clipping did.
  public struct Outcome: Sendable, Equatable {
    /// The global norm before clipping.
    public let norm: Double
    /// Whether the rule changed the gradient.
    public let changed: Bool
  }
}
