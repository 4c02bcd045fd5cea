import UnrollText

extension SweepFigure {
  /// The figure as plots of a page: for each panel the solved share, where the task can be solved, and the
  /// median loss with its quartiles.
  public var charts: [Chart] {
    let looks = CurveLooks(groups.map { (lineName($0), "") })
    return groups.grouped(by: panelName).flatMap { panel, members -> [Chart] in
      func chart(
        _ name: String, _ upright: Chart.Side,
        levels: [(name: String, value: Double)] = [],
        _ shown: (SweepFigureGroup) -> (y: Double, low: Double, high: Double)?
      ) -> Chart {
        Chart(
          title: panel.isEmpty ? name : "\(name): \(panel)", subtitle: subtitle,
          across: .init(axisName, values: layout.axis), upright: upright,
          curves: members.grouped(by: lineName).map { line, members in
            var curve = Chart.Curve(
              name: line.isEmpty ? "all runs" : line,
              points: members.compactMap { group in
                layout.axis.place(value(group)).map { (group, $0) }
              }.sorted { $0.1 < $1.1 }.flatMap { group, x -> [Chart.Point] in
                let shown = shown(group)
                let point = Chart.Point(
                  x: x, y: shown?.y ?? .nan, low: shown?.low, high: shown?.high)
                return layout.axis.isApart(value(group)) ? [.gap(at: x), point] : [point]
              },
              color: 0)
            curve.take(looks, label: line, kind: "")
            return curve
          }, levels: levels)
      }
      let loss = chart(
        "Median \(lossName)",
        .init("\(lossName), median and quartiles", isLogarithmic ? .logarithmic : .linear),
        levels: baseline.map { [("baseline", $0)] } ?? []
      ) { group in group.loss.map { ($0.median, $0.low, $0.high) } }
      // Intervals about 0 in every setting would say no more than that no run solved the task.
      guard groups.contains(where: { $0.solved.map { $0.share > 0 } ?? false }) else {
        return [loss]
      }
      let solved = chart(
        "Runs that solved the task", .init("share of runs, 95% interval", holds: [0, 1])
      ) { group in
        group.solved.map { ($0.share, $0.low, $0.high) }
      }
      return [solved, loss]
    }
  }
}
