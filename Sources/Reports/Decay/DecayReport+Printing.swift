import Foundation
import UnrollFigures
import UnrollGradientFlow
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

extension DecayReport {
  /// Prints a small plot, a table whose marks are those in the plot, and the folder.
  package func print(on page: any TextPage, folder: String) {
    guard !page.isJSON else { return }
    if !cells.isEmpty {
      page.print("\(page.styled(dataName.escaped, .bold)), \(moment.escaped)")
      page.print("  \(sizes)")
    }
    let figure = figure
    let plot = figure.terminalPlot(
      columns: min(79, page.outputColumns - 1), rows: 18, showsKey: false)
    if let plot { page.print("\n" + plot) }
    let marks = plot == nil ? nil : figure.terminalKey.map(\.mark)
    let lines = table(marks: marks, unicode: page.hasUnicode)
      .lines { page.styled($0, .bold) }.map { "  " + $0 }
    page.print(lines[0])
    var rest = lines.dropFirst()
    for group in groups {
      for cell in group.cells where cell.isFirst(of: study.seed) || cell.training != nil {
        page.print(heading(of: cell, on: page))
      }
      for line in rest.prefix(group.shownCurves.count) { page.print(line) }
      rest = rest.dropFirst(group.shownCurves.count)
    }
    for run in study.runs {
      page.print(page.styled(run.folder.escaped, .bold))
      for line in rest.prefix(run.curves.count) { page.print(line) }
      rest = rest.dropFirst(run.curves.count)
    }
    let unicode = page.hasUnicode
    if let table = truncationTable(unicode: unicode) {
      print(
        table, below: "Gradient cut after K steps, against the whole one" + firstSeedNote,
        legend: Self.truncationLegend(unicode: unicode), on: page)
    }
    if let table = exponentsTable(unicode: unicode) {
      print(
        table, below: "Lyapunov exponents \(exponentsExtent)",
        legend: exponentsLegend(unicode: unicode), on: page)
    }
    page.print("files  \(folder)")
  }

  /// For tables that show one seed of several.
  package var firstSeedNote: String { hasSeeds ? ", seed \(study.seed)" : "" }

  private func print(
    _ table: TextTable, below title: String, legend: String, on page: any TextPage
  ) {
    let lines = table.lines { page.styled($0, .bold) }.map { "  " + $0 }
    page.print("\n\(title)\n" + lines.joined(separator: "\n"))
    page.print("\n" + legend)
  }

  /// Its ends tell a specification apart in a narrow column.
  package static func shortened(_ label: String, unicode: Bool) -> String {
    label.count > 16 ? label.prefix(8) + (unicode ? "…" : "~") + label.suffix(7) : label
  }

  private var sizes: String {
    let shape = study.data.shape
    let layers = study.subjects.first?.configuration.layers ?? 1
    return "T \(shape.timeSteps), B \(shape.rows), H \(hidden)"
      + (layers > 1 ? ", \(layers) layers" : "") + ", \(seeds), loss at \(lossPlace)"
  }

  package var seeds: String {
    let count = UInt64(groups.map(\.cells.count).max() ?? 1)
    return count > 1
      ? "means over seeds \(study.seed) to \(study.seed + count - 1)" : "seed \(study.seed)"
  }

  /// The label, and how well it was trained.
  private func heading(of cell: MeasuredModel, on page: any TextPage) -> String {
    var text = page.styled(cell.subject.label.escaped, .bold)
    if let training = cell.training {
      text += "  \(training.extent)"
      if let loss = training.testLoss, case .trained(let trainingPlan) = cell.subject.weights {
        text += ", test loss \(NumberText.significant(loss)), baseline "
        text += NumberText.significant(trainingPlan.task.baselineLoss)
      }
    }
    return text
  }

  /// A row for each curve; `marks` is nil where there is no plot. Its widest form, two spaces before
  /// it, fits in 80 columns.
  private func table(marks: [String]?, unicode: Bool) -> TextTable {
    let header = [
      "path", "rate/step", "95% interval", unicode ? "R²" : "R2", "verdict", "half-life",
      "horizon",
    ]
    var table = TextTable(header: (marks == nil ? [] : [" "]) + header)
    let measured = groups.flatMap(\.shownCurves).map {
      cells(of: $0.fit, path: $0.pathName(hasLayers: hasLayers), unicode: unicode)
    }
    let earlier = study.runs.flatMap(\.curves).map {
      cells(of: $0.fit, path: "\($0.path) \($0.label)", unicode: unicode)
    }
    for (index, cells) in (measured + earlier).enumerated() {
      table.append((marks.map { [$0[index]] } ?? []) + cells)
    }
    return table
  }

  private func cells(of fit: DecayFit, path: String, unicode: Bool) -> [String] {
    let interval = fit.rateInterval.map {
      NumberText.rate($0.lowerBound) + (unicode ? "–" : "..") + NumberText.rate($0.upperBound)
    }
    let time =
      fit.halfLife.map(NumberText.significant)
      ?? fit.doublingTime.map { "\(unicode ? "×" : "x")2 in \(NumberText.significant($0))" }
    let horizon = fit.horizon.map {
      (fit.horizonCensored ? (unicode ? "≥ " : ">= ") : "") + String($0)
    }
    return [
      path.escaped, fit.rate.map(NumberText.rate) ?? "-",
      interval ?? "-",
      fit.r2.map { String(format: "%.3f", $0) } ?? "-", fit.verdict.rawValue,
      time ?? "-", horizon ?? "-",
    ]
  }
}
