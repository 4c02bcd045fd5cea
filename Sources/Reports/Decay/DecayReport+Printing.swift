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
    if !models.isEmpty {
      page.print("\(page.styled(dataName.escaped, .bold)), \(moment.escaped)")
      page.printBroken("  \(sizes)", indent: 2)
      // The whole of the file that names the data is said already.
      if let measured = study.data.measured, measured.part != nil || !isNamedByFile {
        page.print("  \(measuredSource):\n  \(measured.numbers)")
      }
    }
    let figure = figure
    let plot = figure.terminalPlot(
      columns: min(79, page.outputColumns - 1), rows: 18, showsKey: false)
    if let plot { page.print("\n" + plot) }
    let marks = plot == nil ? nil : marks(figure.terminalKey.map(\.mark))
    let lines = table(marks: marks, unicode: page.hasUnicode, columns: page.outputColumns - 2)
      .lines { page.styled($0, .bold) }.map { "  " + $0 }
    page.print(lines[0])
    var rest = lines.dropFirst()
    for group in groups {
      for (index, model) in group.models.enumerated() where index == 0 || model.training != nil {
        page.printBroken(heading(of: model, in: group, on: page), indent: 4)
      }
      for line in rest.prefix(group.shownCurves.count) { page.print(line) }
      rest = rest.dropFirst(group.shownCurves.count)
    }
    for run in study.runs {
      page.print(page.styled(run.folder.escaped, .bold))
      for line in rest.prefix(run.curves.count) { page.print(line) }
      rest = rest.dropFirst(run.curves.count)
    }
    for section in sections { print(section, on: page) }
    page.print("files  \(folder.escaped)")
  }

  /// The mark of each row of the table, of those that the plot has, in its order; blank for a curve that is
  /// not drawn.
  private func marks(_ plotted: [String]) -> [String] {
    let isDrawn =
      groups.flatMap { group in group.shownCurves.map { group.isDrawn($0) } }
      + study.runs.flatMap { run in run.curves.map { run.isDrawn($0) } }
    var rest = plotted[...]
    return isDrawn.map { ($0 ? rest.popFirst() : nil) ?? " " }
  }

  private func print(_ section: some DecaySection, on page: any TextPage) {
    let shown = shownEntries(of: section)
    guard !shown.isEmpty else { return }
    section.printout(of: shown, in: self, unicode: page.hasUnicode)?.print(on: page)
    for finding in section.findings(in: self) { page.printFitted("\n" + finding.escaped) }
  }

  /// The label, the loss that is differentiated, and how well the model was trained.
  /// One of several seeds that are not trained stands for all of them.
  private func heading(
    of model: MeasuredModel, in group: MeasuredGroup, on page: any TextPage
  ) -> String {
    var text = page.styled(model.subject.label.escaped, .bold)
    var parts: [String] = []
    let loss = model.training == nil ? group.loss : model.loss
    if let loss { parts.append("loss \(NumberText.significant(loss))") }
    if let difference = study.outputsDifference {
      parts.append("outputs as expected, to \(NumberText.significant(difference))")
    }
    if !parts.isEmpty { text += "  " + parts.joined(separator: ", ") }
    if let training = model.training {
      text += parts.isEmpty ? "  " : ", "
      text += "\(training.extent)"
      if let record = training.evaluation, case .trained(let trainingPlan) = model.subject.weights {
        text += ", \(record.split.lossName) \(NumberText.significant(record.loss)), baseline "
        text += NumberText.significant(trainingPlan.task.baselineLoss(in: record.split))
        if let isSolved = training.isSolved { text += isSolved ? ", solved" : ", not solved" }
      }
    }
    return text
  }

  /// A row for each curve; `marks` is nil where there is no plot. Where the table is wider than `columns`,
  /// its names are shorter, and then intervals and R² are left to the files.
  private func table(marks: [String]?, unicode: Bool, columns: Int) -> TextTable {
    let (interval, r2) = ("interval", unicode ? "R²" : "R2")
    let full = table(
      ["path", "rate/step", "95% interval", r2, "verdict", "half-life", "horizon"], marks, unicode)
    if full.columns <= columns { return full }
    let short = table(
      ["path", "rate", interval, r2, "verdict", "half-life", "horizon"], marks, unicode)
    let narrower = [[], [interval], [interval, r2]].map { short.without($0) }
    return narrower.first { $0.columns <= columns } ?? narrower[2]
  }

  private func table(_ header: [String], _ marks: [String]?, _ unicode: Bool) -> TextTable {
    var table = TextTable(header: (marks == nil ? [] : [" "]) + header)
    let measured = groups.flatMap(\.shownCurves).map {
      cells(of: $0.fit, path: $0.curve.pathName(hasLayers: hasLayers), unicode: unicode)
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
