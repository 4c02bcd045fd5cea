import UnrollCommandLine
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollTraining

/// What `unroll clip TASK` is to do: everything that can be known, and checked, before a folder is opened.
struct ClipComparison {
  let arguments: Arguments
  let sweep: ClipSweep
  let seeds: SeedList
  /// The first run's plan, for what all runs share.
  let plan: TrainingPlan
  let runs: [ClipRun]
  var ownWindow: Truncation { plan.settings.truncation }

  /// - Throws: `UsageError`, `TaskError`, `TrainingError`.
  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    sweep = try ClipSweep(arguments)
    seeds = try arguments.seeds()
    plan = try TrainingPlan(
      arguments, task: arguments.taskName(), specification: sweep.cells[0].specification,
      seed: UInt64(sweep.seeds[0]))
    if plan.task.isStream, sweep.windows?.contains(.full) == true {
      throw arguments.rejection(
        of: .windows, accepted: "K or K1:K2 for \(plan.task.name), a stream without an end")
    }
    runs = sweep.runs(ownWindow: plan.settings.truncation)
    try Self.checkMemory(runs, like: plan, atOnce: arguments[.threads])
  }

  /// - Throws: `TrainingError.tooLarge` when the runs made at a time do not fit into memory together.
  private static func checkMemory(
    _ runs: [ClipRun], like plan: TrainingPlan, atOnce threads: Int
  ) throws {
    for run in runs where run.seed == runs[0].seed {
      var settings = plan.settings
      settings.truncation = run.truncation
      try TrainingPlan(
        task: plan.task, specification: run.specification, configuration: plan.configuration,
        settings: settings, isDouble: plan.isDouble
      ).requireMemory(forRuns: min(threads, runs.count))
    }
  }

  /// Makes the plan of a run.
  var planOfRun: @Sendable (ClipRun) throws -> TrainingPlan {
    { [arguments] run in
      try TrainingPlan(
        arguments, task: arguments.taskName(), specification: run.specification,
        seed: UInt64(run.seed))
    }
  }

  /// Who makes the runs, on the ranks other than the first.
  func helper(for ranks: Ranks) -> SweepHelper {
    ClipStudy.helper(
      runs, threads: arguments[.threads], normUpdates: arguments[.normSteps], ranks: ranks,
      plan: planOfRun, until: { Interrupt.isRequested })
  }
}
