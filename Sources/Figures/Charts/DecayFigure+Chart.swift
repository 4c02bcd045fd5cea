extension DecayFigure {
  /// The figure as a plot of a page.
  public var chart: Chart {
    Chart(
      title: title, subtitle: subtitle,
      across: .init("lag k: steps before the loss", isWhole: true),
      upright: .init(normLabel, .logarithmic),
      curves: .looking(
        curves.map { curve in
          let points = curve.norms.enumerated().map { lag, norm in
            Chart.Point(
              x: Double(lag), y: norm, low: curve.band?.low[lag], high: curve.band?.high[lag])
          }
          return (curve.label, curve.path, curve.finding, points)
        }),
      levels: levels)
  }
}
