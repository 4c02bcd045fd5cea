import UnrollDenseMath

/// Gradient descent: d = g + λθ, θ ← θ − ηd.
public final class SGD<Element: Scalar>: Optimizer, @unchecked Sendable {
  public let state: [(name: String, values: Matrix<Element>)] = []
  private let settings: OptimizerSettings

  public init(settings: OptimizerSettings) { self.settings = settings }

  public func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int
  ) {
    weights.updateSGD(gradient: gradient, rate: rate, decay: settings.weightDecay)
  }
}
