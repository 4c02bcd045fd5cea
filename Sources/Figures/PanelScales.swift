import Foundation

/// The axes of a panel of a ``PanelsFigure``, and where its values stand on them.
struct PanelScales {
  let across: Axis
  let upright: Axis
  /// The names along the horizontal axis; nil where numbers stand there.
  let names: SweepAxis?
  private let panel: PanelsFigure.Panel
  /// Where a 0 stands on a logarithmic axis that has one.
  private let zero: Double?

  init(_ panel: PanelsFigure.Panel, tics: (across: Int, upright: Int), reaching ceiling: Double?) {
    self.panel = panel
    names = panel.categories.isEmpty ? nil : SweepAxis(categories: panel.categories)
    let points = panel.lines.flatMap(\.points)
    let places = points.map(\.x)
    across =
      names?.axis
      ?? panel.acrossScale.axis(places, tics: tics.across, whole: panel.isCounted, margin: 0)
    var values = points.flatMap { [$0.y, $0.low, $0.high].compactMap(\.self) }
    values += panel.levels.map(\.value)
    if panel.lines.contains(where: { $0.mark == .bar }), !panel.isLogarithmic { values.append(0) }
    if let ceiling { values = values.filter { $0 <= ceiling } + [ceiling] }
    var axis = panel.uprightScale.axis(values, tics: tics.upright, margin: 0.05)
    let hasZero = panel.isLogarithmic && points.contains { $0.y == 0 }
    if hasZero {
      // Below all others, with room between them.
      axis.low -= 0.1 * (axis.high - axis.low)
      axis.tics.insert(Axis.Tic(at: axis.low, label: "0", plainLabel: "0"), at: 0)
    }
    zero = hasZero ? axis.low : nil
    upright = axis
  }

  /// The place of a value on the horizontal axis; NaN where it has none.
  func x(_ value: Double) -> Double { panel.acrossScale.place(value) }

  /// The place of a value on the vertical axis; NaN where it has none.
  func y(_ value: Double?) -> Double {
    guard let value else { return .nan }
    return value == 0 ? zero ?? panel.uprightScale.place(0) : panel.uprightScale.place(value)
  }

  /// The places of the ends of a point's range, cut off at the axis' ends: gnuplot fills no area to a point
  /// that is infinite. NaN where there is no range, or no part of it on the axis.
  func range(of point: Chart.Point) -> (low: Double, high: Double) {
    guard let low = point.low, let high = point.high, !low.isNaN, !high.isNaN, low < .infinity
    else {
      return (.nan, .nan)
    }
    let ends = (low: y(low), high: high == .infinity ? upright.high : y(high))
    guard ends.low <= upright.high, ends.high >= upright.low else { return (.nan, .nan) }
    return (max(ends.low, upright.low), min(ends.high, upright.high))
  }

  /// Whether the value stands apart from what a line joins: a 0 on a logarithmic axis.
  func isApart(_ value: Double) -> Bool { zero != nil && value == 0 }

  /// How far the points of a line stand from the middle of their names, so that those of several do not cover
  /// one another.
  static func shift(_ line: Int, in panel: PanelsFigure.Panel) -> Double {
    let count = Double(panel.lines.count)
    return panel.categories.isEmpty || panel.lines[line].mark == .bar
      ? 0 : 0.6 * (Double(line) - (count - 1) / 2) / count
  }
}

extension PanelsFigure.Panel {
  var acrossScale: CurvesFigure.Scale { isLogarithmicAcross ? .logarithmic : .linear }
  var uprightScale: CurvesFigure.Scale { isLogarithmic ? .logarithmic : .linear }
}
