extension CurvesFigure {
  /// The figure as a plot of a page.
  public var chart: Chart {
    Chart(
      title: title, subtitle: subtitle, across: .init(horizontal.title, horizontal.scale),
      upright: .init(vertical.title, vertical.scale),
      curves: .looking(
        curves.map { curve in
          (
            curve.label, curve.kind, curve.finding,
            curve.points.map { Chart.Point(x: $0.x, y: $0.y) }
          )
        }),
      levels: levels)
  }
}
