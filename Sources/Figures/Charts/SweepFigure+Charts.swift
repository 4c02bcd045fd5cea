import UnrollText

extension SweepFigure {
  /// The figure as plots of a page: for each panel the solved share, where the task can be solved, and the
  /// median loss with its quartiles.
  public var charts: [Chart] {
    let lineNames = groups.map(lineName).distinct
    return groups.grouped(by: panelName).flatMap { panel, members -> [Chart] in
      func chart(
        _ name: String, _ upright: Chart.Side,
        levels: [(name: String, value: Double)] = [],
        _ value: (SweepFigureGroup) -> (y: Double, low: Double, high: Double)?
      ) -> Chart {
        Chart(
          title: panel.isEmpty ? name : "\(name): \(panel)", subtitle: subtitle, across: side,
          upright: upright,
          curves: members.grouped(by: lineName).map { line, members in
            let look = Chart.look(of: lineNames.firstIndex(of: line) ?? 0)
            return Chart.Curve(
              name: line.isEmpty ? "all runs" : line,
              points: members.compactMap { group in
                self.place(group).map { x in
                  let value = value(group)
                  return Chart.Point(
                    x: x, y: value?.y ?? .nan, low: value?.low, high: value?.high)
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

  /// An axis of numbers where all values are; otherwise values stand side by side.
  private var side: Chart.Side {
    let name = layout.across.map { options[$0] } ?? ""
    if let numbers {
      let isLogarithmic = layout.axis.isLogarithmic && numbers.values.allSatisfy { $0 > 0 }
      return .init(name, isLogarithmic ? .logarithmic : .linear)
    }
    return .init(name, categories: categories)
  }

  private var categories: [String] { groups.map(value).distinct.map(SweepAxis.shown) }

  /// The number that each value is; nil where one is none.
  private var numbers: [String: Double]? {
    guard !layout.isCategorical else { return nil }
    var numbers: [String: Double] = [:]
    for text in groups.map(value).distinct {
      guard let number = ClipColumns.Threshold(text).number else { return nil }
      numbers[text] = number
    }
    return numbers
  }

  private func place(_ group: SweepFigureGroup) -> Double? {
    if let numbers { return numbers[value(group)] }
    return categories.firstIndex(of: SweepAxis.shown(value(group))).map(Double.init)
  }
}
