import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// What was measured: `decay.csv`, `summary.json` and the figure.
package struct DecayReport {
  package let study: DecayStudy
  /// One for each label and seed.
  package let cells: [MeasuredModel]
  /// One for each label.
  package let groups: [MeasuredGroup]

  package init(_ study: DecayStudy, _ cells: [MeasuredModel]) {
    self.study = study
    self.cells = cells
    let labels = study.subjects.map(\.label)
    var seen: [String] = []
    for label in labels where !seen.contains(label) { seen.append(label) }
    groups = seen.map { label in cells.filter { $0.subject.label == label } }
      .filter { !$0.isEmpty }.map(MeasuredGroup.init)
  }

  package func seed(of cell: MeasuredModel) -> Int { Int(cell.subject.seed ?? study.seed) }

  package var csv: CSVWriter {
    var table = CSVWriter(columns: DecayRun.columns)
    for cell in cells {
      for curve in cell.curves.map(\.curve) {
        let columns = [
          curve.means, curve.geometricMeans, curve.quantiles(0.1), curve.quantiles(0.5),
          curve.quantiles(0.9),
        ]
        for lag in 0..<curve.count {
          table.append(
            cell.names + [
              .integer(curve.layer), .text(curve.path.rawValue), .integer(seed(of: cell)),
              .integer(lag),
            ] + columns.map { .number($0[lag]) })
        }
      }
    }
    for row in study.runs.flatMap(\.rows) { table.append(row) }
    return table
  }

  package var summary: JSONValue {
    let curves = groups.flatMap { cell in
      cell.curves.map { measured -> JSONValue in
        let (curve, fit) = (measured.curve, measured.fit)
        let names: JSONObject = [
          "label": .string(cell.subject.label),
          "cell": .string(cell.subject.specification.kind.rawValue),
          "layer": .integer(curve.layer), "path": .string(curve.path.rawValue),
        ]
        return .object(names + fit.entries(hasInterval: true))
      }
    }
    return [
      "curves": .array(curves), "contributions": contributionsSummary, "gates": gatesSummary,
      "formats": formatsSummary, "truncation": truncationSummary,
      "exponents": exponentsSummary,
      "runs": .array(study.runs.flatMap(\.summary)),
    ]
  }

  // MARK: The figure

  package var figure: DecayFigure {
    DecayFigure(
      curves: groups.flatMap { cell in
        cell.shownCurves.map { measured in
          DecayFigure.Curve(
            label: cell.subject.label, path: measured.pathName(hasLayers: hasLayers),
            norms: measured.curve.means,
            band: (measured.curve.quantiles(0.1), measured.curve.quantiles(0.9)),
            verdict: measured.fit.verdict.rawValue, rate: measured.fit.rate,
            halfLife: measured.fit.halfLife, doublingTime: measured.fit.doublingTime)
        }
      } + study.runs.flatMap(\.figureCurves),
      subtitle: subtitle, levels: Self.formatLevels)
  }

  /// What was measured, as a line below a figure's title.
  package var subtitle: String {
    measured + (hasSeeds ? "   ·   \(seeds)" : "")
  }

  private var measured: String {
    if cells.isEmpty { return "as earlier runs measured them" }
    let shape = study.data.shape
    return "\(dataName), T = \(shape.timeSteps), H = \(hidden), B = \(shape.rows)"
      + "   ·   loss at: \(lossPlace)   ·   \(moment)"
  }

  /// The same for figures that show one seed of several.
  package var subtitleOfFirstSeed: String {
    measured + (hasSeeds ? "   ·   seed \(study.seed)" : "")
  }

  package var hasSeeds: Bool { groups.contains { $0.cells.count > 1 } }

  package var hasLayers: Bool { cells.contains { $0.subject.configuration.layers > 1 } }

  /// H, or those of several models.
  package var hidden: String {
    Set(study.subjects.map(\.configuration.hidden)).sorted().map(String.init)
      .joined(separator: ", ")
  }

  /// The task, or the file of the batch.
  package var dataName: String {
    switch study.data.source {
    case .task(let name): name
    case .file(let path): RunFolder.subject(file: path)
    }
  }

  /// Where the loss is read.
  package var lossPlace: String {
    switch study.placement {
    case .last: "last step"
    case .all: "all steps"
    }
  }

  /// What weights were measured.
  package var moment: String {
    let saved = study.subjects.compactMap { subject -> String? in
      if case .saved(let file) = subject.weights { file.path } else { nil }
    }
    let fresh = saved.count < study.subjects.count ? [momentOfFreshModels] : []
    // A file with its folder, since every run's model has the same name.
    let files =
      saved.count > 1
      ? ["weights of \(saved.count) runs"]
      : saved.map {
        "weights of " + $0.split(separator: "/").suffix(2).joined(separator: "/")
      }
    return (fresh + files).joined(separator: "; ")
  }

  private var momentOfFreshModels: String {
    let updates = cells.compactMap { $0.training?.updates }
    guard let fewest = updates.min(), let most = updates.max() else { return "at initialization" }
    return fewest == most
      ? "after \(NumberText.count(most)) updates"
      : "after \(NumberText.count(fewest)) to \(NumberText.count(most)) updates"
  }
}
