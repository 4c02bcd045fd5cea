import UnrollFigures
import UnrollStudies
import UnrollText

/// What a page shows of several runs side by side.
struct PageComparison {
  /// More curves in one plot cannot be told apart.
  private static let mostCurves = 24

  private(set) var charts: [Chart] = []

  init(_ runs: [ReportedRun]) {
    // Losses on different data have different units.
    let trained = runs.filter { $0.loss != nil }.grouped { run in
      Self.subject(of: run) + Self.data(of: run).map(\.fingerprint.sha256)
    }
    for (_, runs) in trained { compareTraining(runs) }
    compareDecay(runs)
    compareDepth(runs)
  }

  /// The task of a training run and, where its data are from files, which parts of them it takes.
  private static func subject(of run: ReportedRun) -> [String] {
    ["task", "column", "columns", "target", "targets"].compactMap(run.files.option)
  }

  /// The files that a training run's data are from; a model that it begins with is none.
  private static func data(of run: ReportedRun) -> [InputFile] {
    InputFile.list(in: run.files.config).filter { $0.option != "model" }
  }

  /// The validation losses of training runs, or the running means of their training losses.
  private mutating func compareTraining(_ runs: [ReportedRun]) {
    let losses = runs.compactMap { run in
      run.loss.flatMap { loss in
        loss.curves.last { $0.mark == .line }.map { (folder: run.folder, loss: loss, best: $0) }
      }
    }
    guard losses.count > 1 else { return }
    let names = Self.subject(of: runs[0]) + Self.data(of: runs[0]).map(\.given.lastPathPart)
    let isLogarithmic = losses.contains { $0.loss.upright.scale == .logarithmic }
    charts.append(
      Chart(
        title: "Training runs compared: \(names.joined(separator: ", "))",
        across: losses[0].loss.across,
        upright: .init("loss", isLogarithmic ? .logarithmic : .linear),
        curves: .looking(
          losses.prefix(Self.mostCurves).map { run in
            (label: run.folder, kind: "", finding: run.best.name, points: run.best.points)
          })))
  }

  private mutating func compareDecay(_ runs: [ReportedRun]) {
    let measured = runs.compactMap { run in run.decay?.curves.named(run.folder) }
    guard measured.count > 1 else { return }
    var figure = DecayFigure(
      curves: Array(measured.flatMap(\.self).prefix(Self.mostCurves)), subtitle: "")
    figure.title = "Decay curves compared"
    charts.append(figure.chart)
  }

  /// The gradients by the layers' outputs, of the networks that have them.
  private mutating func compareDepth(_ runs: [ReportedRun]) {
    let panels = runs.compactMap { run -> DepthFigure.Panel? in
      guard var panel = run.depth?.panels.first(where: { $0.title == ReportedRun.outputNorm })
      else { return nil }
      for place in panel.lines.indices {
        panel.lines[place].label = "\(run.folder): \(panel.lines[place].label)"
      }
      return panel
    }
    guard panels.count > 1, var panel = panels.first else { return }
    panel.lines = Array(panels.flatMap(\.lines).prefix(Self.mostCurves))
    charts += DepthFigure(title: "Networks compared", subtitle: "", panels: [panel]).charts
  }
}
