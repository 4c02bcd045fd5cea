import UnrollDenseMath
import UnrollText

/// The built-in clipping rules. Each rule's equations stand with its `Clipper`; its name, its
/// number and its summary stand in its row of ``rules``.
public enum Clipping: ClippingRule, Equatable {
  /// Leaves gradients alone.
  case none
  /// The whole gradient, by its global norm: g ← g · min(1, τ/‖g‖).
  case norm(Double)
  /// Each element, to the range from −τ to τ.
  case value(Double)
  /// Each named parameter by its own norm, to τ at most.
  case tensor(Double)
  /// The whole gradient, to a percentile of the norms so far.
  case auto(Double)
  /// Adaptive gradient clipping: the gradient of each unit to a share λ of its weights' norm.
  case agc(Double)
  /// The gradients of the pre-activations, at each step of the backward pass through time (Graves
  /// 2013, *Generating sequences with recurrent neural networks*): `PreactivationClipper` in
  /// RecurrentCells. The gradient that results is not clipped again.
  case state(Double)

  /// The table of rules: the command line, help, lists of rules and tests read it.
  public static let rules: [Rule] = [.norm, .value, .tensor, .state, .agc, .auto]

  /// The rule's row and its number; nil for `none`.
  private var parts: (rule: Rule, number: Double)? {
    switch self {
    case .none: nil
    case .norm(let limit): (.norm, limit)
    case .value(let limit): (.value, limit)
    case .tensor(let limit): (.tensor, limit)
    case .state(let limit): (.state, limit)
    case .agc(let share): (.agc, share)
    case .auto(let percentile): (.auto, percentile)
    }
  }

  /// The rule's name without its number: `norm`, `none`.
  public var name: String { parts?.rule.name ?? "none" }

  /// The rule's number: τ, λ or p; nil without one.
  public var threshold: Double? { parts?.number }

  /// τ of `state:τ`, nil for other rules.
  public var stateLimit: Double? {
    if case .state(let limit) = self { limit } else { nil }
  }

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

  /// What clipping did.
  public struct Outcome: Sendable, Equatable {
    /// The global norm before clipping.
    public let norm: Double
    /// Whether the rule changed the gradient.
    public let changed: Bool
  }
}
