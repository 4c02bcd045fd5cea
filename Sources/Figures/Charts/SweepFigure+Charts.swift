import UnrollText

extension SweepFigure {
  /// The figure as plots of a page: for each panel the solved share, where the task can be solved, and the
  /// median loss with its quartiles.
  public var charts: [Chart] {
    let looks = CurveLooks(groups.map { (lineName($0), "") })
    let horizontal = SweepSide(self)
    return groups.grouped(by: panelName).flatMap { panel, members -> [Chart] in
      func chart(
        _ name: String, _ upright: Chart.Side,
        levels: [(name: String, value: Double)] = [],
        _ shown: (SweepFigureGroup) -> (y: Double, low: Double, high: Double)?
      ) -> Chart {
        Chart(
          title: panel.isEmpty ? name : "\(name): \(panel)", subtitle: subtitle,
          across: horizontal.side, upright: upright,
          curves: members.grouped(by: lineName).map { line, members in
            let look = looks.places(line, "")
            return Chart.Curve(
              name: line.isEmpty ? "all runs" : line,
              points: members.compactMap { group in
                horizontal.place(value(group)).map { x in
                  let shown = shown(group)
                  return Chart.Point(
                    x: x, y: shown?.y ?? .nan, low: shown?.low, high: shown?.high)
                }
              }.sorted { $0.x < $1.x },
              color: look.color, dashes: look.dashes)
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

/// The horizontal axis of a sweep's plots: of numbers where all values are; otherwise values stand side by
/// side.
private struct SweepSide {
  let side: Chart.Side
  private let places: [String: Double]

  init(_ figure: SweepFigure) {
    let (layout, values) = (figure.layout, figure.groups.map(figure.value).distinct)
    let name = layout.across.map { figure.options[$0] } ?? ""
    let numbers = values.compactMap { ClipColumns.Threshold($0).number }
    guard layout.isCategorical || numbers.count < values.count else {
      places = Dictionary(uniqueKeysWithValues: zip(values, numbers))
      let isLogarithmic = layout.axis.isLogarithmic && numbers.allSatisfy { $0 > 0 }
      side = .init(name, isLogarithmic ? .logarithmic : .linear)
      return
    }
    places = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, Double($0)) })
    side = .init(name, categories: values.map(SweepAxis.shown))
  }

  /// Where a value stands.
  func place(_ value: String) -> Double? { places[value] }
}
