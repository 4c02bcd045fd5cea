import DenseMath
import Optimisation

/// Where gradient descent goes on the surface of ``SingleUnitError``, under one clipping rule:
/// (w, b) ← (w, b) − η clip(∇E).
public struct DescentPath: Sendable {
  public struct Point: Sendable, Equatable {
    public let weight: Double
    public let bias: Double
    public let error: Double
    /// ‖∇E‖₂, before clipping.
    public let gradientNorm: Double
    /// Whether the rule changed the gradient taken from here.
    public let isClipped: Bool
  }

  /// The start, then the place after each update. Ends early before a place that is not finite.
  public let points: [Point]

  /// - Parameters:
  ///   - rate: η.
  ///   - updates: how many steps down to make.
  public init(
    on surface: SingleUnitError, from start: (weight: Double, bias: Double), rate: Double,
    clipping: Clipping, updates: Int
  ) {
    precondition(updates >= 0, "expected at least 0 updates, got \(updates)")
    var points: [Point] = []
    var (weight, bias) = start
    let gradient = Matrix<Double>(rows: 1, columns: 2)
    for _ in 0...updates {
      let slope = surface.slope(weight: weight, bias: bias)
      guard weight.isFinite, bias.isFinite, slope.norm.isFinite else { break }
      gradient[0, 0] = slope.byWeight
      gradient[0, 1] = slope.byBias
      let outcome = clipping.apply(to: gradient)
      points.append(
        Point(
          weight: weight, bias: bias, error: slope.error, gradientNorm: slope.norm,
          isClipped: outcome.changed))
      weight -= rate * gradient[0, 0]
      bias -= rate * gradient[0, 1]
    }
    self.points = points
  }

  /// The number of updates before the place with the largest gradient, and its norm.
  public var steepest: (update: Int, norm: Double) {
    let place = points.indices.max { points[$0].gradientNorm < points[$1].gradientNorm } ?? 0
    return (place, points.isEmpty ? .nan : points[place].gradientNorm)
  }

  /// The share of the updates made that clipping changed; nil where none was made.
  public var clippedFraction: Double? {
    let made = points.dropLast()
    return made.isEmpty ? nil : Double(made.count(where: \.isClipped)) / Double(made.count)
  }
}
