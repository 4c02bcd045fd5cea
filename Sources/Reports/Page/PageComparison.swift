import UnrollFigures
import UnrollStudies
import UnrollText

/// What a page shows of several runs side by side.
struct PageComparison {
  /// More curves in one plot cannot be told apart.
  private static let mostCurves = 24

  private(set) var charts: [Chart] = []

  init(_ runs: [ReportedRun]) {
    // Losses of different tasks have different units.
    for task in runs.filter({ $0.command == "train" }).grouped(by: { $0.files.option("task") }) {
      compareTraining(task.elements)
    }
    compareDecay(runs.filter { $0.command == "decay" })
    compareDepth(runs.filter { $0.command == "depth" })
  }

  /// The validation losses of training runs, or the running means of their training losses.
  private mutating func compareTraining(_ runs: [ReportedRun]) {
    let losses = runs.compactMap { run -> (folder: String, loss: Chart, best: Chart.Curve)? in
      guard let loss = run.charts.first(where: { $0.title == "Loss" }),
        let best = loss.curves.last(where: { $0.mark == .line })
      else { return nil }
      return (run.folder, loss, best)
    }
    guard losses.count > 1, let first = losses.first else { return }
    charts.append(
      Chart(
        title: "Training runs compared: \(runs[0].files.option("task") ?? "")",
        across: first.loss.across,
        upright: .init(
          "loss", losses.contains { $0.loss.upright.scale == .logarithmic } ? .logarithmic : .linear
        ),
        curves: losses.prefix(Self.mostCurves).enumerated().map { place, loss in
          let look = Chart.look(of: place)
          return Chart.Curve(
            name: loss.folder, finding: loss.best.name, points: loss.best.points,
            color: look.color, dashes: look.dashes)
        }))
  }

  private mutating func compareDecay(_ runs: [ReportedRun]) {
    let measured = runs.compactMap { run in
      (try? DecayRun(folder: run.folder)).map { run.decayFigure($0, named: true) }
    }
    guard measured.count > 1 else { return }
    var figure = DecayFigure(
      curves: Array(measured.flatMap(\.curves).prefix(Self.mostCurves)), subtitle: "")
    figure.title = "Decay curves compared"
    charts.append(figure.chart)
  }

  private mutating func compareDepth(_ runs: [ReportedRun]) {
    let figures = runs.compactMap { run -> DepthFigure? in
      guard let table = try? run.files.table("depth"), !table.rows.isEmpty else { return nil }
      return try? run.depthFigure(table, named: true)
    }
    guard figures.count > 1, var panel = figures[0].panels.first else { return }
    panel.lines = Array(
      figures.compactMap(\.panels.first).flatMap(\.lines).prefix(Self.mostCurves))
    charts +=
      DepthFigure(title: "Networks compared", subtitle: "", panels: [panel]).charts
  }
}
