import UnrollDenseMath

/// Gradient descent: d = g + λθ, θ ← θ − ηd.
public final class SGD<Element: Scalar>: Optimizer {
  public let name = OptimizerKind.sgd.rawValue
  public let state: [(name: String, values: Matrix<Element>)] = []
  private let settings: OptimizerSettings

  /// - Parameter settings: whose weight decay λ is used.
  public init(settings: OptimizerSettings) { self.settings = settings }

  public func isSureToStayFinite(rate: Double) -> Bool { settings.isModest(rate: rate) }

  @_specialize(where Element == Float)
  public func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int
  ) {
    weights.updateSGD(gradient: gradient, rate: rate, decay: settings.weightDecay)
  }
}
