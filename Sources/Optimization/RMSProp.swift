import UnrollDenseMath

/// RMSProp (Tieleman & Hinton 2012) in PyTorch's form: d = g + λθ, v ← αv + (1−α) d²,
/// θ ← θ − η d / (√v + ε).
public final class RMSProp<Element: Scalar>: Optimizer {
  public let name = OptimizerKind.rmsprop.rawValue
  public let state: [(name: String, values: Matrix<Element>)]
  private let meanSquare: Matrix<Element>
  private let settings: OptimizerSettings

  /// RMSProp for `count` weights, starting at v = 0; α, ε and λ are those of `settings`.
  public init(count: Int, settings: OptimizerSettings) {
    self.settings = settings
    meanSquare = Matrix(rows: 1, columns: count)
    state = [("mean_square", meanSquare)]
  }

  /// d² stays below 2⁸² and ηd/ε below 2⁸¹.
  public func isSureToStayFinite(rate: Double) -> Bool {
    settings.isModest(rate: rate) && settings.hasSafeEpsilon
  }

  @_specialize(where Element == Float)
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
