import Foundation
import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// The path of gradient descent on the surface of ``SingleUnitError`` under one clipping rule:
/// (w, b) ← (w, b) − η clip(∇E).
public struct DescentPath: Sendable {
  /// A place on the path.
  public struct Point: Sendable, Equatable {
    /// w.
    public let weight: Double
    /// b.
    public let bias: Double
    /// E(w, b).
    public let error: Double
    /// ‖∇E‖₂, before clipping.
    public let gradientNorm: Double
    /// Whether the rule changed this gradient.
    public let isClipped: Bool

    /// The distance to another place in the plane of w and b.
    public func distance(to other: Point) -> Double {
      hypot(other.weight - weight, other.bias - bias)
    }
  }

  /// The start, then the place after each update. The path ends early before a place that is not
  /// finite.
  public let points: [Point]

  /// - Parameters:
  ///   - rate: η.
  ///   - updates: the number of updates, at least 0.
  public init(
    on surface: SingleUnitError, from start: (weight: Double, bias: Double), rate: Double,
    clipping: Clipping, updates: Int
  ) {
    require(updates >= 0, "expected at least 0 updates, got \(updates)")
    var points: [Point] = []
    var (weight, bias) = start
    let place = Matrix<Double>(rows: 1, columns: 2)
    let gradient = Matrix<Double>(rows: 1, columns: 2)
    var layout = ParameterLayout()
    layout.append("w, b", 2)
    let clipper = clipping.makeClipper(for: layout, chunk: 2, as: Double.self)
    for _ in 0...updates {
      let slope = surface.slope(weight: weight, bias: bias)
      guard weight.isFinite, bias.isFinite, slope.norm.isFinite else { break }
      place.assign([weight, bias])
      gradient.assign([slope.byWeight, slope.byBias])
      let outcome = clipper.apply(to: gradient, weights: place)
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

  /// Whether both paths visit the same places.
  public func visitsTheSamePlaces(as other: DescentPath) -> Bool {
    points.elementsEqual(other.points) { $0.weight == $1.weight && $0.bias == $1.bias }
  }

  /// The largest error of the last 50 updates, or of the second half where there are fewer than 100.
  public var largestLateError: Double {
    points.suffix(lateUpdates).map(\.error).max() ?? .nan
  }

  /// The number of updates that ``largestLateError`` is over.
  public var lateUpdates: Int { min(50, max(points.count / 2, 1)) }

  /// The share of the updates made that clipping changed; nil where none was made.
  public var clippedFraction: Double? {
    let made = points.dropLast()
    return made.isEmpty ? nil : Double(made.count(where: \.isClipped)) / Double(made.count)
  }
}
