import UnrollDenseMath
import UnrollText

extension Activation {
  /// The forms accepted by ``init(parsing:)``.
  public static let accepted =
    "tanh, relu, sigmoid, identity, leaky-relu:slope, prelu or elu:α"

  /// Reads an activation; `leaky-relu` alone has slope 0.01, `elu` alone α = 1.
  ///
  /// - Throws: ``InvalidSetting`` for any other text.
  public init(parsing text: String) throws(InvalidSetting) {
    switch text {
    case "tanh": self = .tanh
    case "relu": self = .relu
    case "sigmoid": self = .sigmoid
    case "identity": self = .identity
    case "prelu": self = .prelu
    case "leaky-relu": self = .leakyRelu(slope: 0.01)
    case "elu": self = .elu(alpha: 1)
    default:
      if let slope = try InvalidSetting.number(
        in: text, after: "leaky-relu", accepted: Self.accepted, where: { _ in true })
      {
        self = .leakyRelu(slope: slope)
      } else if let alpha = try InvalidSetting.number(
        in: text, after: "elu", accepted: Self.accepted + " with α > 0", where: { $0 > 0 })
      {
        self = .elu(alpha: alpha)
      } else {
        throw InvalidSetting(value: text, accepted: Self.accepted)
      }
    }
  }
}

extension Activation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .identity: "identity"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    case .relu: "relu"
    case .leakyRelu(let slope): "leaky-relu:\(slope.plainText)"
    case .prelu: "prelu"
    case .elu(let alpha): "elu:\(alpha.plainText)"
    }
  }
}
