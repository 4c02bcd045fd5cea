/// A term that is added to the loss and depends on more than the weights.
public enum Regulariser: Sendable, Equatable {
  case none
  /// α times the vanishing-gradient regulariser Ω of Pascanu, Mikolov & Bengio 2013 (*On the
  /// difficulty of training recurrent neural networks*), for the `rnn` cell; `RecurrentCells`
  /// defines it (`VanishingGradientTerm`).
  case omega(Double)

  /// The forms accepted by ``init(_:)``.
  public static let accepted = "none or omega:α with α > 0"

  /// - Throws: ``InvalidSetting`` for any other text.
  public init(_ text: String) throws(InvalidSetting) {
    if text == "none" {
      self = .none
    } else if let factor = try InvalidSetting.number(
      in: text, after: "omega", accepted: Self.accepted, where: { $0 > 0 })
    {
      self = .omega(factor)
    } else {
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
  }

  /// α, 0 without a term.
  public var factor: Double {
    switch self {
    case .none: 0
    case .omega(let factor): factor
    }
  }
}

extension Regulariser: CustomStringConvertible {
  /// The text that ``init(_:)`` reads back.
  public var description: String {
    switch self {
    case .none: "none"
    case .omega(let factor): "omega:\(factor.plainText)"
    }
  }
}
