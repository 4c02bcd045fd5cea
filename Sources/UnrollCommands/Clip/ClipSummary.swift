import Figures
import FileFormats
import SequenceTasks

/// What a comparison came to: `summary.json`, the table a person reads, the figure.
struct ClipSummary {
  private let plan: TrainingPlan
  private let results: [ClipResult]
  private let groups: [ClipGroup]
  private let comparesWindows: Bool
  private let comparesThresholds: Bool

  /// - Parameters:
  ///   - plan: any of the runs'.
  ///   - results: in the order in which they are to be shown.
  init(plan: TrainingPlan, results: [ClipResult], comparesWindows: Bool) {
    self.plan = plan
    self.results = results
    self.comparesWindows = comparesWindows
    groups = ClipGroup.groups(of: results)
    comparesThresholds =
      !comparesWindows || Set(groups.map(\.setting.threshold)).count > 1
  }

  var json: JSONValue {
    [
      "task": .string(plan.task.name), "baseline_loss": .number(plan.task.baselineLoss),
      "runs": .array(results.map { $0.json(withWindow: comparesWindows) }),
      "groups": .array(groups.map { $0.json(withWindow: comparesWindows) }),
    ]
  }

  // MARK: Names

  private var title: String {
    let compared = (comparesThresholds ? ["thresholds"] : []) + (comparesWindows ? ["windows"] : [])
    return "\(plan.task.name), \(compared.joined(separator: " and ")) compared"
  }

  /// What a line of the table and a bar of the figure stand for.
  private func compared(_ setting: ClipSetting) -> String {
    comparesThresholds ? setting.threshold : setting.window
  }

  /// What a part of the table and a panel of the figure stand for.
  private func heading(_ setting: ClipSetting) -> String {
    comparesThresholds && comparesWindows
      ? "\(setting.cell), window \(setting.window)" : setting.cell
  }

  /// `T 100, B 20, H 128, adam 0.001, clip norm:1, up to 8,000 updates, 5 seeds`
  private var sizes: String {
    var parts = [TrainingSummary.modelSizes(plan)]
    if !plan.task.isStream {
      parts.insert("T \(plan.task.steps(in: .train, rows: plan.settings.batch))", at: 0)
    }
    if !comparesThresholds, let threshold = groups.first?.setting.threshold {
      parts.append("clip \(threshold)")
    }
    parts.append("up to \(NumberText.count(plan.settings.steps)) updates")
    let seeds = Set(results.map(\.key.seed)).count
    parts.append("\(NumberText.count(seeds)) seed\(seeds == 1 ? "" : "s")")
    return parts.joined(separator: ", ")
  }

  // MARK: For people

  func print(on terminal: Terminal, folder: String) {
    terminal.print(
      "\(terminal.styled(title, .bold)): \(NumberText.count(results.count)) runs")
    terminal.print("  \(sizes)")
    guard !groups.isEmpty else { return }
    let lines = table.lines { terminal.styled($0, .bold) }
    terminal.print("\n  \(lines[0])")
    var last = ""
    for (group, line) in zip(groups, lines.dropFirst()) {
      let heading = heading(group.setting)
      if heading != last { terminal.print(heading) }
      last = heading
      terminal.print("  \(line)")
    }
    terminal.print(
      """

      steps (to solve), loss (test, at the end; baseline \
      \(NumberText.significant(plan.task.baselineLoss))) and norm (mean over a
      run, before clipping) are medians over the seeds, clipped is a mean
      """)
    terminal.print("files  \(folder)")
  }

  private var table: TextTable {
    var table = TextTable(
      comparesThresholds ? "threshold" : "window", "solved", "unsolved", "diverged", "steps",
      "loss", "clipped", "norm")
    for group in groups {
      table.append([
        compared(group.setting), "\(group.solved)", "\(group.unsolved)", "\(group.diverged)",
        group.medianStepsToSolve.map { NumberText.count(Int($0)) } ?? "-",
        group.medianFinalLoss.map(NumberText.significant) ?? "-",
        group.clippedFraction.map(NumberText.percent) ?? "-",
        group.medianMeanNorm.map(NumberText.significant) ?? "-",
      ])
    }
    return table
  }

  var figure: ClipFigure {
    ClipFigure(
      title: title, subtitle: sizes,
      groups: groups.map { group in
        ClipFigure.Group(
          cell: heading(group.setting), threshold: compared(group.setting), solved: group.solved,
          unsolved: group.unsolved, diverged: group.diverged,
          clippedFraction: group.clippedFraction, medianStepsToSolve: group.medianStepsToSolve)
      },
      comparedName: comparesThresholds ? "clipping threshold" : "window")
  }
}
