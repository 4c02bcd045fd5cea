import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies

/// What `unroll decay` shows of a study: decay curves and their fits, earlier runs, and sections
/// (``DecaySection``) for what else was measured.
///
/// Measuring two fresh cells on a task and writing all files takes a few lines:
///
/// ```swift
/// let data = try DecayData(AddingTask(length: 50, seed: 1), rows: 20)
/// let study = DecayStudy(
///   subjects: [
///     DecaySubject(CellSpecification(.rnn), on: data, hidden: 32),
///     DecaySubject(CellSpecification(.lstm), on: data, hidden: 32),
///   ], data: data, cuts: [1, 5, 10])
/// let report = try DecayReport(measuring: study)
/// try report.write(to: "decay")  // decay.csv, decay.svg, truncation.csv, summary.json, …
/// ```
///
/// `DecaySubject(modelAt:on:)` measures a saved model, `DecaySubject(training:)` one that is trained
/// first.
public struct DecayReport: Sendable {
  /// The study that was measured.
  public let study: DecayStudy
  /// The models measured, one for each label and seed.
  public let models: [MeasuredModel]
  /// The same, one group for each label.
  public let groups: [MeasuredGroup]
  /// What is shown beside the decay curves, in the order of `summary.json`.
  public let sections: [any DecaySection]

  /// A report of models that are measured already.
  ///
  /// - Parameters:
  ///   - models: what ``DecayStudy/measure(_:observer:until:)`` gave for these sections.
  ///   - sections: of different names.
  public init(
    _ study: DecayStudy, _ models: [MeasuredModel],
    sections: [any DecaySection] = standardSections
  ) {
    Self.check(sections)
    self.study = study
    self.models = models
    self.sections = sections
    groups = MeasuredGroup.groups(of: models)
  }

  /// Trains where the study asks for that, measures every model, and reports it.
  ///
  /// - Parameters:
  ///   - sections: what is measured beside the decay curves, of different names.
  ///   - observer: told of what goes on.
  ///   - shouldStop: asked after every update and every model; true ends the study early.
  /// - Throws: as ``DecayStudy/measure(_:observer:until:)``.
  public init(
    measuring study: DecayStudy, sections: [any DecaySection] = standardSections,
    observer: any DecayStudyObserver = SilentDecayObserver(),
    until shouldStop: () -> Bool = { false }
  ) throws {
    Self.check(sections)
    self.init(
      study, try study.measure(sections, observer: observer, until: shouldStop),
      sections: sections)
  }

  /// Whether every model is measured, and no training was stopped.
  public var isComplete: Bool {
    models.allSatisfy(\.isDone) && models.count == study.subjects.count
  }

  /// How the study ended: interrupted, or with a training that became non-finite, or as asked.
  public var outcome: RunOutcome {
    if !isComplete { return .interrupted }
    return models.contains { $0.training?.failure != nil } ? .nonFinite : .finished
  }

  /// That the rows are of different lengths, in words, so that the norms at long lags are means over
  /// fewer rows; nil where they are not.
  package var raggedness: String? {
    guard let norms = models.first?.curves.first?.curve.norms, let all = norms.first?.count,
      let last = norms.last?.count, last < all,
      let first = norms.firstIndex(where: { $0.count < all })
    else { return nil }
    return
      "sequences differ in length: from lag \(first) on a norm is the mean over the longer ones "
      + "alone, at lag \(norms.count - 1) over \(last) of \(all), and a curve may jump where some end"
  }

  /// The seed that files name a model by; that of the study for a saved model.
  public func seed(of model: MeasuredModel) -> Int {
    Int(clamping: model.subject.seed ?? study.seed)
  }
}

// MARK: - The decay curves

extension DecayReport {
  /// `decay.csv`: mean, geometric mean and quantiles of the norm over the rows of the batch, for each
  /// model, layer, path and lag; then the rows of earlier runs.
  var curvesTable: FieldTable {
    var table = FieldTable("decay", columns: DecayRun.columns)
    for model in models {
      for curve in model.curves.map(\.curve) {
        let columns = [
          curve.means, curve.geometricMeans, curve.quantiles(0.1), curve.quantiles(0.5),
          curve.quantiles(0.9),
        ]
        for lag in 0..<curve.count {
          table.append(
            model.names + [
              .integer(curve.layer), .text(curve.pathName), .integer(seed(of: model)),
              .integer(lag),
            ] + columns.map { .number($0[lag]) })
        }
      }
    }
    for row in study.runs.flatMap(\.rows) { table.append(row) }
    return table
  }

  static let seedsTableName = "decay-seeds"

  /// `decay-seeds.csv`: the curves that the figure shows as means over seeds, with the percentiles of its
  /// bands; nil where there is no such curve.
  var seedsTable: FieldTable? {
    let measured = groups.filter { $0.models.count > 1 }.flatMap { group in
      group.curves.map(\.curve).map { curve in
        SeedsCurve(
          names: [.text(group.subject.label), .text(curve.pathName), .integer(curve.layer)],
          norms: [curve.means, curve.quantiles(0.1), curve.quantiles(0.9)])
      }
    }
    let curves = measured + study.runs.flatMap(\.meansOverSeeds)
    guard !curves.isEmpty else { return nil }
    var table = FieldTable(
      Self.seedsTableName,
      columns: ["label", "path", "layer", "lag", "norm_mean", "norm_p10", "norm_p90"])
    for curve in curves {
      for lag in curve.norms[0].indices {
        table.append(curve.names + [.integer(lag)] + curve.norms.map { .number($0[lag]) })
      }
    }
    return table
  }

  /// `summary.json`: how the study ended, what was differentiated, the norms and fits of all curves, a
  /// list for each section, the fits of earlier runs.
  ///
  /// - Parameter folder: where the report is written; nil leaves it out.
  public func summary(in folder: String? = nil) -> JSONValue {
    let given = study.data.givenGradients
    var summary: JSONObject = [
      "outcome": .string(outcome.rawValue), "folder": folder.map(JSONValue.string) ?? .null,
      "loss": JSONValue(groups.count == 1 ? groups[0].loss : nil),
      "loss_name": given.isEmpty ? .string(lossName) : .null,
      "loss_at": given.isEmpty ? .string(study.placement.rawValue) : .null,
      "gradients": .array(given.map(JSONValue.string)),
      "outputs_difference": JSONValue(study.outputsDifference),
      "curves": .array(groups.flatMap(curvesSummary)), "measured": measuredSummary,
    ]
    for section in sections { summary[section.name] = self.summary(of: section) }
    summary["findings"] = .array(findings.map(JSONValue.string))
    summary["runs"] = .array(study.runs.flatMap(\.summary))
    return .object(summary)
  }

  /// The elements of a file that were measured, if any model was, with the number and length of the rows.
  private var measuredSummary: JSONValue {
    guard !models.isEmpty, let measured = study.data.measured,
      let object = measured.json.object
    else { return .null }
    let shape = study.data.shape
    return .object(
      object + [
        "rows": .integer(shape.rows), "steps": .integer(shape.timeSteps),
        "words": .string("\(measuredSource): \(measured.numbers)"),
      ])
  }

  private func curvesSummary(of group: MeasuredGroup) -> [JSONValue] {
    group.curves.map { measured in
      let names: JSONObject = [
        "label": .string(group.subject.label),
        "cell": .string(group.subject.specification.kind.name),
        "layer": .integer(measured.curve.layer), "path": .string(measured.curve.pathName),
      ]
      return .object(
        names + measured.fit.entries(hasInterval: true) + [
          "loss": JSONValue(group.loss),
          "norms": .array(measured.curve.means.map(JSONValue.number)),
        ])
    }
  }

  /// The decay curves of all labels and earlier runs, with the ranges of number formats as levels.
  public var figure: DecayFigure {
    DecayFigure(
      curves: groups.flatMap { group in
        group.drawnCurves.map { measured in
          DecayFigure.Curve(
            label: group.subject.label, path: measured.curve.pathName(hasLayers: hasLayers),
            measured.curve, measured.fit)
        }
      } + study.runs.flatMap { $0.figureCurves.named($0.folder) },
      subtitle: subtitle, levels: NumberFormat.levels)
  }
}

/// A curve that is the mean over seeds.
struct SeedsCurve {
  /// Label, path and layer.
  var names: [CSVField]
  /// The mean and the band's two ends, each with a norm for every lag.
  var norms: [[Double]]
}
