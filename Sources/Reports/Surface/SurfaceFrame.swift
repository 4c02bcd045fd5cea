import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization

/// The part of the plane of w and b that is shown: the wall, and the paths up to where a single step
/// jumps out of it.
struct SurfaceFrame {
  /// A step jumps when it is longer than `jump`, which is half the height of the smallest frame, and
  /// longer than `outlier` times the last step that did not jump.
  private static let jump = 0.5
  private static let outlier = 4.0

  private(set) var weights = 4.2...5.4
  private(set) var biases = -3.0 ... -2

  init(_ paths: [DescentPath]) {
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

  func contains(_ point: DescentPath.Point) -> Bool {
    weights.contains(point.weight) && biases.contains(point.bias)
  }

  /// The number of the update after which a path stays outside; nil where the path ends inside.
  func exit(of path: DescentPath) -> Int? {
    guard path.points.last.map(contains) == false else { return nil }
    return (path.points.lastIndex(where: contains) ?? 0) + 1
  }

  private mutating func include(_ point: DescentPath.Point) {
    weights = Self.range(weights, holding: point.weight)
    biases = Self.range(biases, holding: point.bias)
  }

  /// `range`, widened to hold `value` with a margin.
  private static func range(
    _ range: ClosedRange<Double>, holding value: Double
  ) -> ClosedRange<Double> {
    guard !range.contains(value) else { return range }
    return min(
      range.lowerBound, ((value - 0.1) * 10).rounded(.down) / 10)...max(
        range.upperBound, ((value + 0.1) * 10).rounded(.up) / 10)
  }
}
