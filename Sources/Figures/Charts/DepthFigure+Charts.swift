extension DepthFigure {
  /// The panels as plots of a page; a label has one color in all of them.
  public var charts: [Chart] {
    let looks = CurveLooks(panels.flatMap(\.lines).map { ($0.label, "") })
    return panels.map { panel in
      Chart(
        title: panels.count == 1 ? title : panel.plainTitle, subtitle: subtitle,
        across: .init(panel.across, isWhole: panel.isCounted),
        upright: .init(panel.title, panel.isLogarithmic ? .logarithmic : .linear),
        curves: panel.lines.map { line in
          var curve = Chart.Curve(
            name: line.label, finding: line.finding,
            points: line.points.map { Chart.Point(x: $0.x, y: $0.y) }, color: 0)
          curve.take(looks, label: line.label, kind: "")
          return curve
        })
    }
  }
}
