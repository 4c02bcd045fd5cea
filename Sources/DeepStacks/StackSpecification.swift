import DenseMath
import Optimisation

/// What the layers of a stack are made of, as written in `--stacks`: an activation, then options
/// after slashes, `relu/init=he/residual/batch-norm`.
public struct StackSpecification: Sendable, Equatable {
  public var activation: Activation
  public var initialiser = Initialiser.pytorch
  /// Whether pre-activations are normalised over the batch (Ioffe & Szegedy 2015).
  public var isNormalised = false
  /// Whether a layer adds its input to its output where both have one width (He et al. 2016).
  public var isResidual = false

  public init(_ activation: Activation) { self.activation = activation }

  /// The forms accepted by ``init(parsing:)``.
  public static let accepted =
    "an activation (\(Activation.accepted)), then any of /init=…, /batch-norm, /residual, each once"

  /// - Throws: ``InvalidSetting`` naming the part that is wrong and what is accepted there.
  public init(parsing text: String) throws(InvalidSetting) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    self.init(try Activation(parsing: parts.first ?? ""))
    var given: Set<String> = []
    for part in parts.dropFirst() {
      let name = part.hasPrefix("init=") ? "init" : part
      guard given.insert(name).inserted else {
        throw InvalidSetting(value: text, accepted: Self.accepted)
      }
      switch name {
      case "init": initialiser = try Initialiser(parsing: String(part.dropFirst("init=".count)))
      case "batch-norm": isNormalised = true
      case "residual": isResidual = true
      default: throw InvalidSetting(value: text, accepted: Self.accepted)
      }
    }
  }
}

extension StackSpecification: CustomStringConvertible {
  /// The shortest text that reads back as this specification.
  public var description: String {
    var parts = ["\(activation)"]
    if initialiser != .pytorch { parts.append("init=\(initialiser)") }
    if isNormalised { parts.append("batch-norm") }
    if isResidual { parts.append("residual") }
    return parts.joined(separator: "/")
  }
}
