import UnrollCommandLine
import UnrollFileFormats
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollText
import UnrollTraining

/// Runs `unroll clip TASK`: a comparison of training runs with its folder.
struct ClipSession {
  private let arguments: Arguments
  private let terminal: Terminal
  private let study: ClipStudy
  /// The first run's plan, for what all runs share.
  private let plan: TrainingPlan
  private let output: RunOutput
  private let ranks: Ranks

  /// Opens the folder.
  ///
  /// - Parameter ranks: the processes that share the runs, of which this one is rank 0.
  /// - Throws: `UsageError`, `EarlierComparisonError`, `FileError`.
  init(_ comparison: ClipComparison, ranks: Ranks, terminal: Terminal) throws {
    let arguments = comparison.arguments
    self.arguments = arguments
    self.ranks = ranks
    self.terminal = terminal
    plan = comparison.plan
    let (runs, ownWindow) = (comparison.runs, comparison.ownWindow)
    terminal.warn(of: plan.task)
    output = try RunOutput(
      arguments, subject: plan.task.name, continuing: .sweep, terminal: terminal)
    let earlier = try EarlierComparison(output.path("config.json"))
    try earlier?.check(against: arguments, free: ClipLists.names, data: output.data)
    // First, so that a folder with rows is known for a comparison's however the program ends.
    if earlier == nil { try output.writeConfig(arguments) }
    let log = try ClipLog(
      path: output.path("clip.csv"), ownWindow: ownWindow,
      origin: ResultOrigin(data: output.data))
    if log.unreadableRows > 0 {
      let rows = log.unreadableRows == 1 ? "row has a value" : "rows have values"
      terminal.warn(
        "\(output.path("clip.csv")): \(NumberText.count(log.unreadableRows)) \(rows) that cannot "
          + "be read; the runs are made again")
    }
    let own = ClipLists(comparison.sweep, comparison.seeds, ownWindow: ownWindow)
    var lists = earlier.flatMap { ClipLists($0.options, ownWindow: ownWindow) } ?? own
    lists.append(own)
    try output.writeConfig(arguments, workedOut: lists.options)
    study = ClipStudy(
      runs, log: log, threads: arguments[.threads], normUpdates: arguments[.normSteps],
      ranks: ranks, plan: comparison.planOfRun, until: { Interrupt.isRequested })
  }

  /// Makes the missing runs and writes the files.
  ///
  /// - Throws: What a run throws; the results of the runs that have ended are kept.
  func run() throws -> ExitStatus {
    let (total, missing) = (study.runs.count, study.missing.count)
    if missing < total {
      terminal.note(
        "\(count(total - missing)) of \(count(total)) runs are in \(output.folder) already")
    }
    // Also where nothing is missing: a signal while gnuplot draws ends the drawing alone.
    Interrupt.install()
    // Also where nothing is missing, because the other ranks wait for a word.
    try train()
    return try ranks.agree { try conclude(of: total) }
  }

  private func conclude(of total: Int) throws -> ExitStatus {
    try finish()
    let left = study.missing.count
    guard left > 0 else { return .done }
    terminal.tell(
      "interrupted after \(count(total - left)) of \(count(total)) runs; continue with "
        + arguments.commandGoingOn(in: output.folder))
    return .interrupted
  }

  private func train() throws {
    let passes = study.unclippedPasses.count
    let normUpdates = passes > 0 ? arguments[.normSteps] : 0
    if passes > 0 {
      terminal.note(
        "first the mean norm over \(NumberText.count(normUpdates, "update")) without clipping, "
          + NumberText.count(passes, "time"))
    }
    try study.train(
      observer: ClipProgress(
        withWindow: arguments.wasGiven(.windows),
        updates: max(plan.settings.updates, normUpdates),
        hasCriterion: plan.settings.criterion(for: plan.task) != nil, on: terminal))
  }

  private func count(_ number: Int) -> String { NumberText.count(number) }

  private func finish() throws {
    let withWindow = study.comparesWindows || arguments.wasGiven(.windows)
    let summary = ClipSummary(
      plan: plan, results: try study.finish(), missing: study.missing.count,
      comparesWindows: withWindow, normUpdates: arguments[.normSteps])
    if summary.hasRuns { output.draw(summary.figure, name: "clip", formats: [.svg, .png]) }
    summary.print(on: terminal, folder: output.folder)
    try output.writeSummary(summary.json)
  }
}
