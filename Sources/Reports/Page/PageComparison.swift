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
    let trained = runs.filter { $0.loss != nil }.grouped { DataCompared(of: $0).key }
    for (_, runs) in trained { compareTraining(runs) }
    compareDecay(runs)
    compareDepth(runs)
  }

  /// The validation losses of training runs, or the running means of their training losses.
  private mutating func compareTraining(_ runs: [ReportedRun]) {
    let losses = runs.compactMap { run in
      run.loss.flatMap { loss in
        loss.curves.last { $0.mark == .line }.map { (folder: run.folder, loss: loss, best: $0) }
      }
    }
    guard losses.count > 1 else { return }
    let names = DataCompared(of: runs[0]).names
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
    let panels = runs.compactMap { run -> PanelsFigure.Panel? in
      guard var panel = run.depth?.panels.first(where: { $0.title == ReportedRun.outputNorm })
      else { return nil }
      for place in panel.lines.indices {
        panel.lines[place].label = "\(run.folder): \(panel.lines[place].label)"
      }
      return panel
    }
    guard panels.count > 1, var panel = panels.first else { return }
    panel.lines = Array(panels.flatMap(\.lines).prefix(Self.mostCurves))
    charts += PanelsFigure(title: "Networks compared", subtitle: "", panels: [panel]).charts
  }
}

/// The data that a training run's losses are of.
private struct DataCompared {
  /// What runs with losses of the same data have in common.
  let key: [String]
  /// The task, the columns and the files, in words.
  let names: [String]

  /// The options that say what is learned.
  private static let subject = ["task", "column", "columns", "target", "targets"]
  /// Those that say what of the data is evaluated.
  private static let evaluated = [
    "holdout", "validation", "test", "vocabulary", "missing", "order",
  ]

  init(of run: ReportedRun) {
    // A model that training begins with is no data.
    let files = InputFile.list(in: run.files.config).filter { $0.option != "model" }
    let options = (Self.subject + Self.evaluated).compactMap { option -> String? in
      run.files.option(option).map { text in
        // Of a file the content counts, wherever it lies.
        let file = files.first { $0.option == option }
        return "\(option): "
          + (file.map { text.replacing($0.path, with: $0.fingerprint.sha256) } ?? text)
      }
    }
    key = options + files.map { "\($0.option): \($0.fingerprint.sha256)" }
    let subject = Self.subject.filter { option in !files.contains { $0.option == option } }
    names = subject.compactMap(run.files.option) + files.map(\.given.lastPathPart)
  }
}
