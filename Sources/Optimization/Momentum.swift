import UnrollDenseMath

/// Heavy-ball momentum (Polyak 1964) in PyTorch's form: d = g + λθ, v ← μv + d, θ ← θ − ηv.
public final class Momentum<Element: Scalar>: Optimizer {
  public let name = OptimizerKind.momentum.rawValue
  public let state: [(name: String, values: Matrix<Element>)]
  private let velocity: Matrix<Element>
  private let settings: OptimizerSettings

  /// Momentum for `count` weights, starting at v = 0; μ and λ are those of `settings`.
  public init(count: Int, settings: OptimizerSettings) {
    self.settings = settings
    velocity = Matrix(rows: 1, columns: count)
    state = [("velocity", velocity)]
  }

  public func isSureToStayFinite(rate: Double) -> Bool { settings.isModest(rate: rate) }

  @_specialize(where Element == Float)
  public func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int
  ) {
    weights.updateMomentum(
      gradient: gradient, velocity: velocity.slice(places), rate: rate, decay: settings.weightDecay,
      momentum: settings.momentum)
  }
}
