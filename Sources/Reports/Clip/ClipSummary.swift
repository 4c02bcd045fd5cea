import Foundation
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// The results of a ``ClipStudy``, summed up over the seeds: as JSON, as a figure and, in the
/// program, as a table.
public struct ClipSummary {
  private let plan: TrainingPlan
  private let results: [ClipResult]
  private let missing: Int
  private let groups: [ClipGroup]
  private let names: ClipSettingNames
  private let normUpdates: Int
  /// Whether runs can solve the task.
  private let hasCriterion: Bool

  /// - Parameters:
  ///   - plan: the training plan of any of the runs.
  ///   - results: in the order in which the figure shows them, that of ``ClipStudy/finish()``.
  ///   - missing: the number of runs still to be made.
  ///   - comparesWindows: whether windows are shown beside thresholds.
  ///   - normUpdates: the number of updates over which the study took mean norms.
  public init(
    plan: TrainingPlan, results: [ClipResult], missing: Int = 0, comparesWindows: Bool = false,
    normUpdates: Int = 500
  ) {
    self.plan = plan
    self.results = results
    self.missing = missing
    self.normUpdates = normUpdates
    hasCriterion = plan.settings.criterion(for: plan.task) != nil
    groups = ClipGroup.groups(of: results, hasCriterion: hasCriterion)
    names = ClipSettingNames(groups, comparesWindows: comparesWindows)
  }

  /// The task, every run under the names of `clip.csv`, and every ``ClipGroup``.
  public var json: JSONValue {
    [
      "outcome": .string((missing == 0 ? RunOutcome.finished : .interrupted).rawValue),
      "missing_runs": .integer(missing),
      "task": .string(plan.task.name), "baseline_loss": .number(baselineLoss),
      "norm_steps": usesMeanNorms ? .integer(normUpdates) : .null,
      "runs": .array(results.map { $0.json(withWindow: names.comparesWindows) }),
      "groups": .array(groups.map { $0.json(withWindow: names.comparesWindows) }),
    ]
  }

  /// Whether a threshold is a multiple of a mean norm.
  private var usesMeanNorms: Bool { results.contains { $0.referenceNorm != nil } }

  /// Whether there is a run to show.
  package var hasRuns: Bool { !groups.isEmpty }

  // MARK: Names

  private var title: String {
    let compared =
      (names.comparesThresholds ? ["thresholds"] : []) + (names.comparesWindows ? ["windows"] : [])
    return "\(plan.task.name), \(compared.joined(separator: " and ")) compared"
  }

  /// `T 100, B 20, H 128, adam 0.001, clip norm:1, up to 8,000 updates, 5 seeds`
  private var sizes: String {
    var parts = [TrainingSummary.modelSizes(plan)]
    if !plan.task.isStream {
      parts.insert("T \(plan.task.timeSteps(in: .train, rows: plan.settings.batch))", at: 0)
    }
    if !names.comparesThresholds, let threshold = groups.first?.setting.threshold {
      parts.append("clip \(threshold)")
    }
    parts.append("up to \(NumberText.count(plan.settings.updates, "update"))")
    let settings = results.grouped(by: \.key.setting).map { $0.elements.map(\.key.seed) }
    if let seeds = SeedWords.text(settings) { parts.append(seeds) }
    return parts.joined(separator: ", ")
  }

  // MARK: For people

  package func print(on page: any TextPage, folder: String) {
    let runs = NumberText.count(results.count, "run")
    let left = missing == 0 ? "" : ", \(NumberText.count(missing)) more to be made"
    page.print("\(page.styled(title, .bold)): \(runs)\(left)")
    page.printBroken("  \(sizes)", indent: 2)
    guard !groups.isEmpty else {
      return page.printFitted("\nNo run is there, so that there is nothing to draw.")
    }
    page.print("")
    page.printTable(of: groups.map { names.heading($0.setting) }, table)
    page.printFitted("\n\(caption)")
    if usesMeanNorms { page.printFitted(meanNorms) }
    page.print("files  \(folder.escaped)")
  }

  /// On the data that the runs' final losses are taken on.
  private var baselineLoss: Double { plan.task.baselineLoss(in: plan.task.selectionSplit) }

  /// When a run has solved the task: `validation loss below 0.01`; nil where none can.
  private var criterion: String? {
    plan.settings.criterion(for: plan.task)?.words(on: plan.task.selectionSplit)
  }

  private var caption: String {
    let solved =
      criterion.map {
        """
        solved   the number of runs that solved the task (\($0)), of all runs
        steps    updates by which half of the runs had solved it; -: fewer did
        """
      } ?? "solved   -: the task \(plan.task.name) has no criterion; --solve-at sets one"
    var lines =
      (seeds.map { ["seeds    \($0)"] } ?? []) + [
        solved,
        """
        loss     \(plan.task.selectionSplit.lossName) at the end, median; baseline \
        \(NumberText.significant(baselineLoss))
        norm     mean norm of a run before clipping, median
        clipped  share of updates that were clipped, mean
        factor   effective step: the gradient's norm after clipping over that before, mean
        angle    between the two gradients in degrees, mean
        """,
      ]
    if results.contains(where: { $0.outcome == .solved }) { lines.append(SolvedEnds.note) }
    if groups.contains(where: \.clipsInBackward) {
      lines.append("under state:τ, norm is that of the gradient already clipped")
    }
    return lines.joined(separator: "\n")
  }

  /// The mean norm that `x` stands for, in a line for each cell and window.
  private var meanNorms: String {
    let count = NumberText.count(normUpdates, "update")
    var lines = ["x is the mean norm over the first \(count) without clipping (median):"]
    for group in groups {
      guard let norm = group.medianReferenceNorm else { continue }
      let line =
        "  \(names.heading(group.setting)) \(NumberText.significant(norm))\(brokenOff(group))"
      if !lines.contains(line) { lines.append(line) }
    }
    return lines.joined(separator: "\n")
  }

  /// Over how many updates a mean norm was taken, where training became non-finite before its end.
  private func brokenOff(_ group: ClipGroup) -> String {
    guard let steps = group.referenceSteps, steps.lowerBound < normUpdates else { return "" }
    let low = steps.count == 1 ? "" : "\(NumberText.count(steps.lowerBound)) to "
    return ", over \(low)\(NumberText.count(steps.upperBound, "update")) only: non-finite after"
  }

  /// `1-3; 4-6 in rnn norm:1`: the seeds of most settings and those of the others, where settings have
  /// equally many runs of different ones, which no count shows.
  private var seeds: String? {
    let settings = results.grouped(by: \.key.setting)
    guard let column = SeedWords.column(settings.map { $0.elements.map(\.key.seed) }) else {
      return nil
    }
    let parts = zip(column, settings.map(\.key)).grouped(by: \.0)
      .map { (seeds: $0.key, settings: $0.elements.map(\.1)) }
    let most = parts.map(\.settings.count).max()
    let usual = parts.first { $0.settings.count == most }?.seeds ?? ""
    let others = parts.filter { $0.seeds != usual }.map { part in
      let texts = part.settings.map { "\(names.heading($0)) \(names.compared($0))" }
      return "\(part.seeds) in \(texts.joined(separator: ", "))"
    }
    return ([usual] + others).joined(separator: "; ")
  }

  private var table: TextTable {
    let first = names.comparesThresholds ? "threshold" : "window"
    var table = TextTable(
      first, "solved", "diverged", "steps", "loss", "norm", "clipped", "factor", "angle")
    for group in groups {
      table.append([
        names.compared(group.setting), group.solved.map { "\($0)/\(group.runs)" } ?? "-",
        "\(group.diverged)",
        group.medianUpdatesToSolve.map { NumberText.count(Int($0)) } ?? "-",
        LossText.shown(group.medianFinalLoss),
        group.medianMeanNorm.map(NumberText.significant) ?? "-",
        group.clippedFraction.map(NumberText.percent) ?? "-",
        group.effectiveStep.map(Self.factor) ?? "-", group.clipAngle.map(Self.degrees) ?? "-",
      ])
    }
    return table
  }

  /// Two digits, or an exponent: `0.35`, `1`, `2e-05`.
  private static func factor(_ x: Double) -> String { String(format: "%.2g", x) }

  private static func degrees(_ angle: Double) -> String {
    angle == 0 ? "0" : String(format: angle < 9.95 ? "%.1f" : "%.0f", angle)
  }

  /// Bars of how the runs under each threshold ended: a panel for each cell.
  public var figure: ClipFigure {
    var figure = ClipFigure(title: title, subtitle: sizes, groups, naming: names)
    figure.criterion = criterion
    return figure
  }
}
