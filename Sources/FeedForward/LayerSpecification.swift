/// What one layer of a feed-forward network computes; the equations stand with ``FeedForwardNetwork``.
public struct LayerSpecification: Sendable, Equatable {
  /// Batch normalization (Ioffe & Szegedy 2015).
  public struct Normalization: Sendable, Equatable {
    /// What is normalized.
    public enum Place: Sendable, Equatable {
      /// The pre-activations.
      case beforeActivation
      /// The outputs of the activation.
      case afterActivation
    }

    /// What is normalized.
    public var place: Place
    /// ε, which is added to the variance.
    public var epsilon: Double

    /// Normalization at `place`, with PyTorch's ε.
    public init(_ place: Place, epsilon: Double = 1e-5) {
      self.place = place
      self.epsilon = epsilon
    }
  }

  /// N, the number of units.
  public var width: Int
  /// f.
  public var function: LayerFunction
  /// Nil for none.
  public var normalization: Normalization?
  /// Whether there is a b.
  public var hasBias = true
  /// Whether the layer adds its input to its output where both have one width (He et al. 2016).
  public var isResidual = false

  /// A layer with a bias.
  public init(width: Int, _ function: LayerFunction, normalization: Normalization? = nil) {
    self.width = width
    self.function = function
    self.normalization = normalization
  }

  /// A layer of a stack, in which normalization takes the place of the bias.
  init(width: Int, _ stack: FeedForwardSpecification) {
    self.init(
      width: width, stack.function,
      normalization: stack.isNormalized ? Normalization(.beforeActivation) : nil)
    hasBias = !stack.isNormalized
    isResidual = stack.isResidual
  }

  /// K·N.
  var preActivationWidth: Int { function.pieces * width }

  /// The units that are normalized.
  var normalizedWidth: Int {
    normalization?.place == .beforeActivation ? preActivationWidth : width
  }
}
