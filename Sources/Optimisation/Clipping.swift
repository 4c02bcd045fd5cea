import DenseMath

/// What is done to a gradient that is too large.
public enum Clipping: Sendable, Equatable {
  case none
  /// Scales the whole gradient by τ/‖g‖ when its global norm ‖g‖ > τ
  /// (Pascanu, Mikolov & Bengio 2013, *On the difficulty of training recurrent neural networks*).
  case norm(Double)
  /// Clamps each element to ±τ (Mikolov 2012, *Statistical language models based on neural
  /// networks*).
  case value(Double)

  /// The forms accepted by ``init(_:)``.
  public static let accepted = "none, norm:τ or value:τ with τ > 0 (a bare number is norm:)"

  /// - Throws: ``InvalidSetting`` for any other text.
  public init(_ text: String) throws(InvalidSetting) {
    let isValid: (Double) -> Bool = { $0 > 0 }
    if text == "none" {
      self = .none
    } else if let limit = try InvalidSetting.number(
      in: text, after: "norm", accepted: Self.accepted, where: isValid)
    {
      self = .norm(limit)
    } else if let limit = try InvalidSetting.number(
      in: text, after: "value", accepted: Self.accepted, where: isValid)
    {
      self = .value(limit)
    } else if let limit = Double(text), limit.isFinite, limit > 0 {
      self = .norm(limit)
    } else {
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
  }

  /// The threshold τ, nil without one.
  public var threshold: Double? {
    switch self {
    case .none: nil
    case .norm(let limit), .value(let limit): limit
    }
  }

  /// What clipping did.
  public struct Outcome: Sendable, Equatable {
    /// The global norm before clipping.
    public let norm: Double
    /// Whether the rule changed the gradient.
    public let changed: Bool
  }

  /// Clips `gradient` in place. A norm that is not finite is reported, and nothing is changed.
  public func apply<Element>(to gradient: Matrix<Element>) -> Outcome {
    let norm = gradient.norm
    return Outcome(norm: norm, changed: apply(to: gradient, ofNorm: norm))
  }

  /// Clips `part` of a gradient whose global norm is `norm`, and says whether that changed it.
  public func apply<Element>(to part: Matrix<Element>, ofNorm norm: Double) -> Bool {
    guard norm.isFinite else { return false }
    switch self {
    case .none:
      return false
    case .norm(let limit):
      if norm > limit { part.scale(by: Element(limit / norm)) }
      return norm > limit
    case .value(let limit):
      return part.clamp(to: limit)
    }
  }
}

extension Clipping: CustomStringConvertible {
  /// The text that ``init(_:)`` reads back.
  public var description: String {
    switch self {
    case .none: "none"
    case .norm(let limit): "norm:\(limit.plainText)"
    case .value(let limit): "value:\(limit.plainText)"
    }
  }
}
