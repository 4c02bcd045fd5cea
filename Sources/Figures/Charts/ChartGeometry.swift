import Foundation

/// Where the values of a ``Chart`` stand on its canvas.
struct ChartGeometry {
  static let (width, height) = (640.0, 360.0)
  static let (left, right, top, bottom) = (64.0, 618.0, 30.0, 316.0)

  let across: Axis
  let upright: Axis
  private let chart: Chart

  init(_ chart: Chart) {
    self.chart = chart
    let points = chart.curves.flatMap(\.points)
    across =
      chart.across.categories.isEmpty
      ? Self.axis(chart.across, points.map(\.x), tics: 8, margin: 0)
      : SweepAxis(categories: chart.across.categories).axis
    let values = points.flatMap { [$0.y, $0.low, $0.high].compactMap(\.self) }
    upright = Self.axis(
      chart.upright, values + chart.upright.holds, tics: 7,
      margin: chart.upright.holds.isEmpty ? 0.05 : 0.04)
  }

  private static func axis(
    _ side: Chart.Side, _ values: [Double], tics: Int, margin: Double
  ) -> Axis {
    guard side.scale == .linear else {
      return Axis.logarithmic(values, tics: tics)
        ?? Axis.logarithmic([0.1, 10], tics: tics) ?? Axis(low: -1, high: 1, tics: [])
    }
    var axis = Axis.linear(values, tics: tics, whole: side.isWhole, margin: margin)
    // A share ends at 0 and 1.
    if values.allSatisfy({ !($0 < 0) }) { axis.low = max(axis.low, 0) }
    return axis
  }

  /// The place of a value in pixels from the left; nil for one that the axis cannot show.
  func x(_ value: Double) -> Double? {
    place(value, chart.across.scale, across).map { Self.left + $0 * (Self.right - Self.left) }
  }

  /// The place of a value in pixels from the top.
  func y(_ value: Double) -> Double? {
    place(value, chart.upright.scale, upright).map { Self.bottom - $0 * (Self.bottom - Self.top) }
  }

  private func place(_ value: Double, _ scale: CurvesFigure.Scale, _ axis: Axis) -> Double? {
    let place = scale.place(value)
    guard place.isFinite, axis.high > axis.low else { return nil }
    return (place - axis.low) / (axis.high - axis.low)
  }
}
