import Foundation

/// Where the values of a ``Chart`` stand on its canvas.
struct ChartGeometry {
  static let (width, height) = (640.0, 360.0)
  static let (left, right, top, bottom) = (64.0, 618.0, 30.0, 316.0)

  /// The share of the range that is left free above and below the values; the page's script leaves as much.
  private static let margin = 0.04

  let across: Axis
  let upright: Axis
  private let chart: Chart

  init(_ chart: Chart) {
    self.chart = chart
    let points = chart.curves.flatMap(\.points)
    across =
      chart.across.values?.ofValues
      ?? Self.axis(chart.across, points.map(\.x), tics: 8, margin: 0)
    let values = points.flatMap { [$0.y, $0.low, $0.high].compactMap(\.self) }
    let shown = chart.upright.ceiling.map { ceiling in values.filter { $0 <= ceiling } } ?? values
    upright = Self.axis(
      chart.upright, shown + chart.upright.holds, tics: 7, margin: Self.margin)
  }

  private static func axis(
    _ side: Chart.Side, _ values: [Double], tics: Int, margin: Double
  ) -> Axis {
    var axis = side.scale.axis(values, tics: tics, whole: side.isWhole, margin: margin)
    // What is never negative starts at 0 at the lowest.
    if side.scale == .linear, values.allSatisfy({ !($0 < 0) }) { axis.low = max(axis.low, 0) }
    return axis
  }

  /// The place of a value in pixels from the left; nil for one that the axis cannot show.
  func x(_ value: Double) -> Double? {
    place(value, chart.across.scale, across).map(x(at:))
  }

  /// The place of a value in pixels from the top.
  func y(_ value: Double) -> Double? {
    place(value, chart.upright.scale, upright).map(y(at:))
  }

  private func place(_ value: Double, _ scale: CurvesFigure.Scale, _ axis: Axis) -> Double? {
    let place = scale.place(value)
    return place.isFinite && axis.high > axis.low ? place : nil
  }

  /// A place on the horizontal axis, as that of a tic, in pixels from the left.
  func x(at place: Double) -> Double {
    Self.left + (place - across.low) / (across.high - across.low) * (Self.right - Self.left)
  }

  /// A place on the upright axis in pixels from the top.
  func y(at place: Double) -> Double {
    Self.bottom - (place - upright.low) / (upright.high - upright.low) * (Self.bottom - Self.top)
  }
}
