import UnrollCommandLine
import UnrollFileFormats
import UnrollRecurrentCells
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

  /// Checks everything that can be checked, then opens the folder.
  ///
  /// - Throws: `UsageError`, `TaskError`, `TrainingError`, `EarlierComparisonError`, `FileError`.
  init(_ arguments: Arguments, terminal: Terminal) throws {
    self.arguments = arguments
    self.terminal = terminal
    let sweep = try ClipSweep(arguments)
    plan = try TrainingPlan(
      arguments, task: arguments.taskName(), specification: sweep.cells[0].specification,
      seed: UInt64(sweep.seeds.lowerBound))
    if plan.task.isStream, sweep.windows?.contains(.full) == true {
      throw arguments.rejection(
        of: .windows, accepted: "K or K1:K2 for \(plan.task.name), a stream without an end")
    }
    let ownWindow = plan.settings.truncation
    let runs = sweep.runs(ownWindow: ownWindow)
    try Self.checkMemory(runs, like: plan, atOnce: arguments[.threads])

    terminal.warn(of: plan.task)
    output = try RunOutput(
      arguments, subject: plan.task.name, continuing: .sweep, terminal: terminal)
    let earlier = try EarlierComparison(output.path("config.json"))
    try earlier?.check(against: arguments, data: output.data)
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
    var lists = SweepLists(sweep, ownWindow: ownWindow)
    if let earlier { lists.append(earlier.lists(ownWindow: ownWindow)) }
    try output.writeConfig(arguments, workedOut: lists.options)
    study = ClipStudy(
      runs, log: log, threads: arguments[.threads], normUpdates: arguments[.normSteps],
      plan: { run in
        try TrainingPlan(
          arguments, task: arguments.taskName(), specification: run.specification,
          seed: UInt64(run.seed))
      }, until: { Interrupt.isRequested })
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
    if missing > 0 {
      Interrupt.install()
      try train()
    }
    try finish()
    let left = study.missing.count
    guard left > 0 else { return .done }
    terminal.note(
      "interrupted after \(count(total - left)) of \(count(total)) runs; continue with unroll clip "
        + "--config \(output.path("config.json")) --out \(output.folder)")
    return .interrupted
  }

  private func train() throws {
    let passes = study.unclippedPasses.count
    if passes > 0 {
      terminal.note(
        "first the mean norm over \(NumberText.count(arguments[.normSteps], "update")) without clipping, "
          + NumberText.count(passes, "time"))
    }
    try study.train(
      observer: ClipProgress(
        withWindow: arguments.wasGiven(.windows),
        hasCriterion: plan.settings.criterion(for: plan.task) != nil, on: terminal))
  }

  private func count(_ number: Int) -> String { NumberText.count(number) }

  // MARK: Before and after

  /// - Throws: `TrainingError.tooLarge` when the runs made at a time do not fit into memory together.
  private static func checkMemory(
    _ runs: [ClipRun], like plan: TrainingPlan, atOnce threads: Int
  ) throws {
    var settings = plan.settings
    settings.threads = 1
    settings.measuresClipping = true
    for run in runs where run.seed == runs[0].seed {
      settings.truncation = run.truncation
      let model = RecurrentModel(run.specification, plan.configuration)
      let count = min(threads, runs.count)
      if plan.isDouble {
        try MemoryEstimate.check(
          model: model, task: plan.task, settings: settings, runs: count, as: Double.self)
      } else {
        try MemoryEstimate.check(
          model: model, task: plan.task, settings: settings, runs: count, as: Float.self)
      }
    }
  }

  private func finish() throws {
    let withWindow = study.comparesWindows || arguments.wasGiven(.windows)
    let summary = ClipSummary(
      plan: plan, results: try study.finish(), missing: study.missing.count,
      comparesWindows: withWindow, normUpdates: arguments[.normSteps])
    try output.draw(summary.figure, name: "clip", formats: [.svg, .png])
    summary.print(on: terminal, folder: output.folder)
    try output.writeSummary(summary.json)
  }
}
