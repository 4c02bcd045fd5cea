import UnrollDenseMath

/// RMSProp (Tieleman & Hinton 2012) in PyTorch's form: d = g + λθ, v ← αv + (1−α) d²,
/// θ ← θ − η d / (√v + ε).
public final class RMSProp<Element: Scalar>: Optimizer, @unchecked Sendable {
  public let state: [(name: String, values: Matrix<Element>)]
  private let meanSquare: Matrix<Element>
  private let settings: OptimizerSettings

  public init(count: Int, settings: OptimizerSettings) {
    self.settings = settings
    meanSquare = Matrix(rows: 1, columns: count)
    state = [("mean_square", meanSquare)]
  }

  public func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int
  ) {
    weights.updateRMSProp(
      gradient: gradient, meanSquare: meanSquare.slice(places), rate: rate,
      decay: settings.weightDecay,
      alpha: settings.alpha, epsilon: settings.epsilon)
  }
}
