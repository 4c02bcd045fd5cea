import UnrollDenseMath
import UnrollOptimization

/// What the layers of a stack are made of, as written in `--stacks`: an activation, then options
/// after slashes, `relu/init=he/residual/batch-norm`.
public struct FeedForwardSpecification: Sendable, Equatable {
  /// f, between pre-activations and outputs.
  public var function: LayerFunction
  /// How the weights start.
  public var initializer = Initializer.pytorch
  /// Whether pre-activations are normalized over the batch (Ioffe & Szegedy 2015).
  public var isNormalized = false
  /// Whether a layer adds its input to its output where both have one width (He et al. 2016).
  public var isResidual = false

  /// Layers with this function and PyTorch's initialization.
  public init(_ function: LayerFunction) { self.function = function }

  /// Layers with this activation and PyTorch's initialization.
  public init(_ activation: Activation) { self.init(.activation(activation)) }

  /// The forms accepted by ``init(parsing:)``.
  public static let accepted =
    "an activation (\(LayerFunction.accepted)), then any of /init=…, /batch-norm, /residual, each once"

  /// - Throws: ``InvalidSetting`` naming the part that is wrong and what is accepted there.
  public init(parsing text: String) throws(InvalidSetting) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    self.init(try LayerFunction(parsing: parts.first ?? ""))
    var given: Set<String> = []
    for part in parts.dropFirst() {
      let name = part.hasPrefix("init=") ? "init" : part
      guard given.insert(name).inserted else {
        throw InvalidSetting(value: text, accepted: Self.accepted)
      }
      switch name {
      case "init": initializer = try Initializer(parsing: String(part.dropFirst("init=".count)))
      case "batch-norm": isNormalized = true
      case "residual": isResidual = true
      default: throw InvalidSetting(value: text, accepted: Self.accepted)
      }
    }
  }
}

extension FeedForwardSpecification: CustomStringConvertible {
  /// The shortest text that reads back as this specification.
  public var description: String {
    var parts = ["\(function)"]
    if initializer != .pytorch { parts.append("init=\(initializer)") }
    if isNormalized { parts.append("batch-norm") }
    if isResidual { parts.append("residual") }
    return parts.joined(separator: "/")
  }
}
