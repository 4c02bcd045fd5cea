import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization

/// What is shown of the plane of w and b: the wall, the start, and where paths walk from there. Where
/// one step jumps out of it, it does not follow.
package struct SurfaceFrame {
  /// A jump is a step longer than this, half of the wall's part of the plane, and, unless it is the
  /// first, longer than ``outlier`` times the last step that was none.
  private static let jump = 0.5
  private static let outlier = 4.0

  package private(set) var weights = 4.2...5.4
  package private(set) var biases = -3.0 ... -2

  package init(_ paths: [DescentPath]) {
    for path in paths {
      guard let start = path.points.first else { continue }
      include(start)
      var stride: Double?
      for (from, to) in zip(path.points, path.points.dropFirst()) {
        let step = from.distance(to: to)
        let isJump = step > Self.jump && stride.map { step > Self.outlier * $0 } ?? true
        if contains(from), !isJump { include(to) }
        if !isJump || stride == nil { stride = step }
      }
    }
  }

  package func contains(_ point: DescentPath.Point) -> Bool {
    weights.contains(point.weight) && biases.contains(point.bias)
  }

  /// The update that took a path out for good; nil where the path ends inside.
  package func exit(of path: DescentPath) -> Int? {
    guard path.points.last.map(contains) == false else { return nil }
    return (path.points.lastIndex(where: contains) ?? 0) + 1
  }

  private mutating func include(_ point: DescentPath.Point) {
    weights = Self.range(weights, holding: point.weight)
    biases = Self.range(biases, holding: point.bias)
  }

  /// `range`, widened by what holds `value` with a margin.
  private static func range(
    _ range: ClosedRange<Double>, holding value: Double
  ) -> ClosedRange<Double> {
    guard !range.contains(value) else { return range }
    return min(
      range.lowerBound, ((value - 0.1) * 10).rounded(.down) / 10)...max(
        range.upperBound, ((value + 0.1) * 10).rounded(.up) / 10)
  }
}
