import UnrollText

extension PanelsFigure {
  /// The panels as plots of a page; a label has one color in all of them.
  public var charts: [Chart] {
    let looks = CurveLooks(panels.flatMap(\.lines).map { ($0.label, "") })
    return panels.map { panel in
      Chart(
        title: panels.count == 1 ? title : panel.plainTitle, subtitle: subtitle,
        across: .init(
          panel.across, panel.acrossScale, isWhole: panel.isCounted, categories: panel.categories),
        upright: .init(
          panel.title, panel.uprightScale, holds: panel.levels.map(\.value),
          ceiling: panel.ceiling),
        curves: panel.lines.enumerated().map { index, line in
          var curve = Chart.Curve(
            name: line.name ?? line.label, finding: panel.keyFinding(line, upTo: upTo),
            points: panel.chartPoints(index),
            mark: line.mark, color: 0)
          curve.take(looks, label: line.label, kind: "")
          return curve
        }, levels: panel.levels)
    }
  }
}

extension PanelsFigure.Panel {
  /// The points of a line, bars from 0.
  fileprivate func chartPoints(_ index: Int) -> [Chart.Point] {
    let line = lines[index]
    let shift = PanelScales.shift(index, in: self)
    return line.points.map { point in
      var point = point
      point.x += shift
      if line.mark == .bar { (point.low, point.high) = (min(0, point.y), max(0, point.y)) }
      return point
    }
  }

  /// What was found of a line, and how far it goes where that is beyond the ceiling.
  func keyFinding(_ line: PanelsFigure.Line, upTo: String) -> String {
    let largest = line.points.map(\.y).filter(\.isFinite).max() ?? 0
    guard let ceiling, largest > ceiling else { return line.finding }
    return [line.finding, "\(upTo) \(NumberText.digits(largest, 2))"].filter { !$0.isEmpty }.joined(
      separator: ", ")
  }
}
