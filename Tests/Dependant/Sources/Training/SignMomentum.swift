import UnrollKit

/// Lion without its interpolation (Chen et al. 2023, *Symbolic discovery of optimization algorithms*):
///
///     m ← β m + (1 − β) g,  θ ← θ − η sign m
public final class SignMomentum<Element: Scalar>: Optimizer {
  public let name = "sign-momentum"
  public let state: [(name: String, values: Matrix<Element>)]
  private let mean: Matrix<Element>
  private let decay: Double

  public init(count: Int, decay: Double = 0.9) {
    self.decay = decay
    mean = Matrix(rows: 1, columns: count)
    state = [("mean", mean)]
  }

  public func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int
  ) {
    let mean = mean.slice(places)
    mean.scale(by: Element(decay))
    mean.add(gradient, scale: Element(1 - decay))
    weights.addSign(of: mean, scale: -rate)
  }
}
