import UnrollDenseMath

/// Adam (Kingma & Ba 2015), and with `decoupled` weight decay AdamW (Loshchilov & Hutter 2019):
///
///     AdamW: θ ← θ − ηλθ, d = g        Adam: d = g + λθ
///     m ← β₁m + (1−β₁) d               v ← β₂v + (1−β₂) d²
///     θ ← θ − η m/(1−β₁ˢ) / (√(v/(1−β₂ˢ)) + ε)      at update s, from 1
public final class Adam<Element: Scalar>: Optimizer {
  public var name: String { (decoupled ? OptimizerKind.adamw : .adam).rawValue }
  public let state: [(name: String, values: Matrix<Element>)]
  private let mean: Matrix<Element>
  private let meanSquare: Matrix<Element>
  private let settings: OptimizerSettings
  private let decoupled: Bool

  /// Adam for `count` weights, starting at m = v = 0; β₁, β₂, ε and λ are those of `settings`.
  ///
  /// - Parameter decoupled: whether weight decay is AdamW's.
  public init(count: Int, settings: OptimizerSettings, decoupled: Bool) {
    self.settings = settings
    self.decoupled = decoupled
    mean = Matrix(rows: 1, columns: count)
    meanSquare = Matrix(rows: 1, columns: count)
    state = [("mean", mean), ("mean_square", meanSquare)]
  }

  /// d² stays below 2⁸², and with 1 − β₁ˢ ≥ 1 − β₁ ≥ 2⁻²⁰ the step ηm/((1−β₁ˢ)ε) below 2¹²¹.
  public func isSureToStayFinite(rate: Double) -> Bool {
    settings.isModest(rate: rate) && settings.hasSafeEpsilon && 1 - settings.beta1 >= 0x1p-20
  }

  @_specialize(where Element == Float)
  public func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int
  ) {
    weights.updateAdam(
      gradient: gradient, mean: mean.slice(places), meanSquare: meanSquare.slice(places),
      rate: rate,
      decay: settings.weightDecay, decoupled: decoupled, beta1: settings.beta1,
      beta2: settings.beta2, epsilon: settings.epsilon, step: step)
  }
}
