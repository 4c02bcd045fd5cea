/// A path over a plane, as far as it lies between two axes' ends.
struct VisiblePath {
  typealias Point = SurfaceFigure.Point

  /// The path's points; nil separates pieces that are not joined.
  private(set) var points: [Point?] = []
  /// The path's last point, where it is visible.
  private(set) var end: Point?
  /// The piece on which the path leaves for good.
  private(set) var exit: (from: Point, to: Point)?

  private let x: Axis
  private let y: Axis

  init(_ path: [Point], _ x: Axis, _ y: Axis) {
    (self.x, self.y) = (x, y)
    for (place, point) in path.enumerated() {
      let last = place > 0 ? path[place - 1] : point
      switch (isVisible(last), isVisible(point)) {
      case (true, true):
        points.append(point)
      case (false, true):
        points += [nil, crossing(from: point, to: last), point]
        exit = nil
      case (true, false):
        let edge = crossing(from: last, to: point)
        points.append(edge)
        exit = (last, edge)
      case (false, false): break
      }
    }
    if let last = path.last, isVisible(last) { end = last }
  }

  private func isVisible(_ point: Point) -> Bool {
    point.x >= x.low && point.x <= x.high && point.y >= y.low && point.y <= y.high
  }

  /// Where the piece from a visible point to one that is not crosses the edge.
  private func crossing(from inner: Point, to outer: Point) -> Point {
    func share(_ from: Double, _ to: Double, _ axis: Axis) -> Double {
      to > axis.high
        ? (axis.high - from) / (to - from) : to < axis.low ? (axis.low - from) / (to - from) : 1
    }
    let share = min(share(inner.x, outer.x, x), share(inner.y, outer.y, y))
    return Point(
      x: inner.x + share * (outer.x - inner.x), y: inner.y + share * (outer.y - inner.y),
      height: inner.height + share * (outer.height - inner.height))
  }
}
