import Foundation

/// The error of a recurrent network of one unit over its two parameters. With it Pascanu, Mikolov &
/// Bengio 2013 (*On the difficulty of training recurrent neural networks*, figure 6) show that an
/// exploding gradient is a wall in the error:
///
///     x_t = w σ(x_{t−1}) + b,  t = 1 … T
///     E(w, b) = (σ(x_T) − y)²
///
/// Its gradient comes from the recursion backward in time, with λ_t = ∂E/∂x_t:
///
///     λ_T = 2 (σ(x_T) − y) σ′(x_T)
///     λ_{t−1} = λ_t w σ′(x_{t−1})
///     ∂E/∂w = Σ_t λ_t σ(x_{t−1}),  ∂E/∂b = Σ_t λ_t
///
/// On the line b = x_0 − w σ(x_0) the unit stays at x_0. Each step multiplies a small difference from
/// x_0 by w σ′(x_0). Where that is above 1, x_t rises on one side of the line and falls on the other,
/// and E has a wall along the line, whose slope grows like (w σ′(x_0))^T.
public struct SingleUnitError: Sendable, Equatable {
  /// T.
  public var steps = 50
  /// x_0.
  public var initialState = 0.5
  /// y.
  public var target = 0.7

  /// T = 50, x_0 = 0.5 and y = 0.7, as in the paper.
  public init() {}

  /// The error and its gradient at one place.
  public struct Slope: Sendable, Equatable {
    /// E(w, b).
    public let error: Double
    /// ∂E/∂w.
    public let byWeight: Double
    /// ∂E/∂b.
    public let byBias: Double

    /// ‖∇E‖₂.
    public var norm: Double { hypot(byWeight, byBias) }
  }

  /// E(w, b).
  public func error(weight: Double, bias: Double) -> Double {
    var state = initialState
    for _ in 0..<steps { state = weight * logistic(state) + bias }
    let difference = logistic(state) - target
    return difference * difference
  }

  /// E(w, b) and its gradient.
  public func slope(weight: Double, bias: Double) -> Slope {
    // σ(x_t) for t = 0 … T.
    var outputs = [logistic(initialState)]
    outputs.reserveCapacity(steps + 1)
    for _ in 0..<steps { outputs.append(logistic(weight * outputs[outputs.count - 1] + bias)) }
    let last = outputs[steps]
    var (byWeight, byBias) = (0.0, 0.0)
    var byState = 2 * (last - target) * last * (1 - last)
    for output in outputs.dropLast().reversed() {
      byWeight += byState * output
      byBias += byState
      byState *= weight * output * (1 - output)
    }
    return Slope(
      error: (last - target) * (last - target), byWeight: byWeight, byBias: byBias)
  }

  /// The bias at which the unit stays at x_0: b = x_0 − w σ(x_0).
  public func standingBias(weight: Double) -> Double {
    initialState - weight * logistic(initialState)
  }

  /// The factor by which a step multiplies a small difference from x_0: w σ′(x_0).
  public func standingFactor(weight: Double) -> Double {
    let output = logistic(initialState)
    return weight * output * (1 - output)
  }

  private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
