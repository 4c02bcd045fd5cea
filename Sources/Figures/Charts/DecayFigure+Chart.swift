extension DecayFigure {
  /// The figure as a plot of a page.
  public var chart: Chart {
    let (keys, looks) = (lookKeys, CurveLooks(lookKeys))
    return Chart(
      title: title, subtitle: subtitle,
      across: .init("lag k: steps before the loss", isWhole: true),
      upright: .init(normLabel, .logarithmic),
      curves: zip(curves, keys).map { curve, key in
        let points = curve.norms.enumerated().map { lag, norm in
          Chart.Point(
            x: Double(lag), y: norm, low: curve.band?.low[lag], high: curve.band?.high[lag])
        }
        var shown = Chart.Curve(
          name: curve.path.isEmpty ? curve.label : "\(curve.label) \(curve.path)",
          finding: curve.finding, points: points, color: 0)
        shown.take(looks, label: key.label, kind: key.kind)
        return shown
      },
      levels: levels)
  }
}
