import Foundation
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// The results of a ``SweepStudy``, summed up over the seeds: as JSON, as a figure and, in the program,
/// as a table.
public struct SweepSummary {
  private let plan: TrainingPlan
  private let baseline: Double?
  private let hasCriterion: Bool
  private let options: [String]
  private let groups: [SweepGroup]
  private let pairs: [SweepPair]?
  private let against: String?
  private let missing: Int
  private let shard: (name: String, runsOfAll: Int)?

  /// - Parameters:
  ///   - plan: the training plan of any of the runs.
  ///   - baseline: the loss of a model that has learned nothing; nil where settings differ in it.
  ///   - hasCriterion: whether a task can be solved.
  ///   - options: the options that are varied.
  ///   - groups: the settings, in the order in which they are shown.
  ///   - pairs: the settings beside the one that they are compared with; nil without it.
  ///   - against: what they are compared with, in words: `clip none`.
  ///   - missing: the number of runs still to be made.
  ///   - shard: which shard this is, `1/4`, and of how many runs; nil for a whole sweep.
  public init(
    plan: TrainingPlan, baseline: Double?, hasCriterion: Bool, options: [String],
    groups: [SweepGroup], pairs: [SweepPair]? = nil, against: String? = nil, missing: Int = 0,
    shard: (name: String, runsOfAll: Int)? = nil
  ) {
    self.plan = plan
    self.baseline = baseline
    self.hasCriterion = hasCriterion
    self.options = options
    self.groups = groups
    self.pairs = pairs
    self.against = against
    self.missing = missing
    self.shard = shard
  }

  // MARK: For programs

  /// The task, and every setting and pair under the names of their tables.
  public var json: JSONValue {
    func objects(_ columns: [String], _ rows: [[CSVField]]) -> JSONValue {
      .array(
        rows.map { row in
          var object = JSONObject()
          for (column, field) in zip(columns, row) { object[column] = field.json }
          return .object(object)
        })
    }
    return [
      "outcome": .string((missing == 0 ? RunOutcome.finished : .interrupted).rawValue),
      "missing_runs": .integer(missing), "task": .string(plan.task.name),
      "baseline_loss": JSONValue(baseline),
      "options": .array(options.map { .string($0) }),
      "kernels": .array(kernels.map { .string($0.name) }),
      "groups": objects(
        SweepGroup.columns(options), groups.map { $0.row(hasCriterion: hasCriterion) }),
      "pairs": pairs.map {
        objects(SweepPair.columns(options), $0.map { $0.row(hasCriterion: hasCriterion) })
      } ?? .null,
    ]
  }

  // MARK: For people

  private var runs: Int { groups.reduce(0) { $0 + $1.results.count } }
  /// Under which runs were computed, and how many of them.
  private var kernels: [(name: String, runs: Int)] {
    groups.flatMap(\.results).grouped(by: \.origin.kernels).map {
      (name: $0.key, runs: $0.elements.count)
    }
  }

  private var title: String {
    let task = options.contains("task") ? "several tasks" : plan.task.name
    return options.isEmpty ? "\(task), over seeds" : "\(task), over \(options.listed("and"))"
  }

  /// What all runs share: sizes that are varied are left out.
  private var sizes: String {
    var parts: [String] = []
    if !options.contains("length"), !options.contains("task"), !plan.task.isStream {
      parts.append("T \(plan.task.timeSteps(in: .train, rows: plan.settings.batch))")
    }
    if !options.contains("cell") { parts.append("\(plan.specification)") }
    if !options.contains("hidden") { parts.append("H \(plan.configuration.hidden)") }
    if !options.contains("batch") { parts.append("B \(plan.settings.batch)") }
    if !options.contains("clip") { parts.append("clip \(plan.settings.clipping)") }
    if !options.contains("steps") {
      parts.append(NumberText.count(plan.settings.updates, "update"))
    }
    if let seeds = SeedWords.text(groups.map { $0.results.map(\.seed) }) { parts.append(seeds) }
    return parts.joined(separator: ", ")
  }

  /// Whether some settings have fewer runs than others.
  private var isUneven: Bool { Set(groups.map(\.results.count)).count > 1 }

  package func print(on page: any TextPage, folder: String) {
    let count = NumberText.count(runs, "run")
    let left = missing == 0 ? "" : ", \(NumberText.count(missing)) more to be made"
    let part = shard.map { ", shard \($0.name) of \(NumberText.count($0.runsOfAll))" } ?? ""
    page.print("\(page.styled(title, .bold)): \(count)\(part)\(left)")
    page.printBroken("  \(sizes)", indent: 2)
    var key: [String] = []
    if let (names, table) = fitting(page.outputColumns, details: [2, 1, 0], table), !groups.isEmpty
    {
      page.print("")
      page.printTable(table, keys: names.header.count, indent: 0)
      page.printFitted("\n\(caption(table))")
      key = names.key
      for line in key { page.printBroken(line, indent: 4) }
    }
    if kernels.count > 1 {
      page.printBroken(
        "Made under different kernels, so that last digits differ: "
          + kernels.map { "\($0.name) \(NumberText.count($0.runs, "run"))" }.joined(separator: ", "),
        indent: 2)
    }
    let repeated = groups.count(where: \.isOneRun)
    if repeated > 0 {
      page.printFitted(
        "\nThe seed changes nothing in \(NumberText.count(repeated, "setting")): all runs are one, and "
          + "count once against others.")
    }
    if groups.isEmpty {
      page.printFitted("\nNo run is there, so that there is nothing to draw.")
    } else if shard != nil {
      page.printFitted(
        "\nA shard has other seeds in each setting: compare after unroll merge has joined them.")
    }
    if let pairs { print(pairs, key, on: page) }
    page.print("files  \(folder)")
  }

  /// The first of the tables that fits. Names become letters and values are shortened, as the key explains;
  /// where that is not enough quartiles and intervals are left out, which the CSV files have; settings whose
  /// values still find no room are numbered.
  private func fitting(
    _ columns: Int, details: [Int],
    _ table: (_ names: SweepTableNames, _ detail: Int) -> TextTable
  ) -> (SweepTableNames, TextTable)? {
    let settings = groups.map(\.setting)
    for (details, forms) in [(details, SweepTableNames.forms), (details, [.numbers])] {
      for detail in details {
        for names in forms.compactMap({ SweepTableNames(options, settings, as: $0) }) {
          let table = table(names, detail)
          if table.columns <= columns { return (names, table) }
        }
      }
    }
    // A page too narrow for any: what is too wide goes on below.
    return SweepTableNames(options, settings, as: .numbers).map {
      ($0, table($0, details.last ?? 0))
    }
  }

  private func table(_ names: SweepTableNames, detail: Int) -> TextTable {
    let hasDiverged = groups.contains { $0.count(.diverged) > 0 }
    var table = TextTable(
      header: names.header
        + (hasCriterion
          ? ["solved"] + (detail > 0 ? ["95%"] : []) + ["updates"] : isUneven ? ["runs"] : [])
        + ["loss"] + (detail > 1 ? ["quartiles"] : []) + (hasDiverged ? ["diverged"] : []))
    for group in groups {
      let (losses, interval) = (group.losses, group.solvedInterval)
      var cells = names.cells(group.setting)
      if hasCriterion {
        cells.append("\(group.count(.solved))/\(group.results.count)")
        if detail > 0 {
          cells.append(
            interval.map { "\(Self.percent($0.low))-\(Self.percent($0.high))" } ?? "-")
        }
        cells.append(group.updatesToSolve.map { NumberText.count($0) } ?? "-")
      } else if isUneven {
        cells.append("\(group.results.count)")
      }
      cells.append(Self.loss(losses.median))
      if detail > 1 {
        cells.append(
          "\(Self.loss(losses.quantile(0.25))) to \(Self.loss(losses.quantile(0.75)))")
      }
      if hasDiverged { cells.append("\(group.count(.diverged))") }
      table.append(cells)
    }
    return table
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))" }

  private static func loss(_ loss: Double?) -> String {
    guard let loss else { return "-" }
    return loss.isFinite ? NumberText.significant(loss) : "∞"
  }

  /// When a run has solved the task: `validation loss below 0.01`.
  private var criterion: String {
    guard !options.contains("task"), !options.contains("solve-at"),
      let criterion = plan.settings.criterion(for: plan.task)
    else { return "each setting by its own criterion" }
    return criterion.words(on: plan.task.selectionSplit)
  }

  private func caption(_ table: TextTable) -> String {
    var lines: [String] = []
    if hasCriterion {
      lines += [
        "solved   runs that solved the task (\(criterion)), of all"
      ]
      if table.header.contains("95%") {
        lines.append("95%      interval of that share, in percent")
      }
      lines += [
        "updates  by which half of the runs had solved it; -: fewer did"
      ]
    }
    lines.append(
      "loss     \(groups[0].comparedData) loss at the end, median"
        + (table.header.contains("quartiles") ? " and quartiles" : "")
        + (baseline.map { "; baseline \(NumberText.significant($0))" }
          ?? "; baselines differ between settings"))
    return lines.joined(separator: "\n")
  }

  /// - Parameter key: what has been said of names already.
  private func print(_ pairs: [SweepPair], _ key: [String], on page: any TextPage) {
    guard !pairs.isEmpty || missing == 0 else {
      page.printFitted("\nno runs of \(against ?? "the setting given") to compare with yet")
      return
    }
    guard !pairs.isEmpty else {
      page.printFitted("\nno setting differs from another by \(against ?? "that") alone")
      page.printFitted("--against can name the values of several options: cell=rnn,clip=none")
      return
    }
    guard
      let (names, shown) = fitting(
        page.outputColumns, details: [2, 1, 0], { table(of: pairs, $0, detail: $1) })
    else { return }
    page.printFitted("\nagainst \(against ?? "the setting given"), seed by seed")
    page.printTable(shown, keys: names.header.count, indent: 0)
    let (needed, most) = (
      SignedRankTest.pairsNeeded(forP: 0.05 / Double(pairs.count)),
      pairs.map(\.seeds.count).max() ?? 0
    )
    page.printFitted(
      "\ndifference  of the losses, median; p: Wilcoxon's signed ranks, adjusted by Holm")
    if shown.header.contains("95%") { page.printFitted("95%         interval of that median") }
    if hasCriterion {
      page.printFitted("here/there  solved here alone/there alone; p: McNemar's test, adjusted")
    }
    if plan.settings.stopsWhenSolved {
      page.printFitted("Runs ended when solved, so these losses are taken after different updates.")
    }
    for line in names.key where !key.contains(line) { page.printBroken(line, indent: 4) }
    if most > 0 {
      let (count, least) = (NumberText.count(most, "pair"), SignedRankTest.leastP(most))
      page.printFitted(
        least > 0.05
          ? "With \(count) no difference can be significant: p is at least \(Self.p(least)) before the "
            + "adjustment."
          : "With \(count) p is at least \(Self.p(least)) before the adjustment.")
    }
    page.printFitted(
      "To reach 0.05 after it, "
        + (pairs.count == 1
          ? "one comparison needs" : "\(NumberText.count(pairs.count)) comparisons need")
        + " \(needed) seeds.")
  }

  /// - Parameter detail: 2 for all columns; 1 without the numbers of pairs where they are equal, which the
  ///   text below says; 0 without the interval.
  private func table(
    of pairs: [SweepPair], _ names: SweepTableNames, detail: Int
  ) -> TextTable {
    let hasInterval = detail > 0 && pairs.contains { $0.differenceInterval != nil }
    let hasCounts = detail != 1 || Set(pairs.map(\.seeds.count)).count > 1
    var table = TextTable(
      header: names.header + (hasCounts ? ["pairs"] : []) + ["difference"]
        + (hasInterval ? ["95%"] : []) + ["p Holm"]
        + (hasCriterion ? ["here/there", "p Holm"] : []))
    for pair in pairs {
      var cells =
        names.cells(pair.setting) + (hasCounts ? ["\(pair.seeds.count)"] : [])
        + [pair.medianDifference.map(Self.difference) ?? "-"]
      if hasInterval {
        cells.append(
          pair.differenceInterval.map {
            "\(Self.difference($0.low)) to \(Self.difference($0.high))"
          } ?? "-")
      }
      cells.append(pair.seeds.isEmpty ? "-" : Self.p(pair.adjustedRanksP))
      if hasCriterion {
        cells += [
          "\(pair.solved.onlyFirst)/\(pair.solved.onlySecond)",
          pair.seeds.isEmpty ? "-" : Self.p(pair.adjustedSolvedP),
        ]
      }
      table.append(cells)
    }
    return table
  }

  private static func difference(_ value: Double) -> String {
    value.isFinite
      ? (value > 0 ? "+" : "") + NumberText.significant(value) : value > 0 ? "+∞" : "−∞"
  }

  private static func p(_ p: Double) -> String { String(format: p < 0.001 ? "%.1e" : "%.3f", p) }

  /// Whether there is a run to show.
  package var hasRuns: Bool { !groups.isEmpty }

  // MARK: The figure

  /// The solved share and the loss over the values that were varied: a map of two options with numbers,
  /// otherwise lines or bars over one of them.
  public var figure: any Figure {
    let marks = groups.map { SweepFigureGroup($0, hasCriterion: hasCriterion) }
    let lossName = "\(groups.first?.comparedData ?? "test") loss"
    if let map = map(marks, lossName) { return map }
    return SweepFigure(
      title: title, subtitle: sizes, options: options, groups: marks, lossName: lossName,
      baseline: baseline, meanNorm: meanNorm)
  }

  /// Of two options with at least three numbers each, and nothing else that varies.
  private func map(_ marks: [SweepFigureGroup], _ lossName: String) -> (any Figure)? {
    guard options.count == 2,
      options.indices.allSatisfy({ place in
        let values = marks.map { $0.values[place] }.distinct(by: \.self)
        return SweepFigure.isNumeric(values) && values.count >= 3
      })
    else { return nil }
    let x = SweepFigure.across(marks, options: 2) ?? 0
    let fields = marks.map { group in
      var group = group
      group.values = [group.values[x], group.values[1 - x]]
      return group
    }
    return SweepMapFigure(
      title: title, subtitle: sizes, options: (options[x], options[1 - x]), groups: fields,
      lossName: lossName)
  }

  /// The median over the seeds of the mean norm without clipping, where thresholds are varied.
  private var meanNorm: Double? {
    // Other settings have other norms.
    guard options == ["clip"] else { return nil }
    let norms = groups.filter { $0.setting.values == ["none"] }
      .flatMap { $0.results.compactMap(\.run.meanNorm) }
    return OrderStatistics(norms).median
  }
}
