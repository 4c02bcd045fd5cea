import Synchronization
import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText
import UnrollTraining

/// A comparison of training runs with its folder: does the runs that are missing, side by side.
final class ClipSession: Sendable {
  /// What the threads share.
  private struct State {
    let log: ClipLog
    /// The mean norms of unclipped passes, by those passes.
    var meanNorms: [ClipResult.Key: MeanNorm] = [:]
    /// The number of the next run that waits.
    var next = 0
    /// The first thing that went wrong.
    var failure: (any Error)?
  }

  private let arguments: Arguments
  private let terminal: Terminal
  private let runs: [ClipRun]
  /// The first run's, for what all runs share.
  private let plan: TrainingPlan
  private let output: RunOutput
  private let state: Mutex<State>

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
    runs = sweep.runs(ownWindow: ownWindow)
    try Self.checkMemory(runs, like: plan, atOnce: arguments[.threads])

    output = try RunOutput(arguments, subject: plan.task.name, terminal: terminal)
    try EarlierComparison.check(output.path("config.json"), against: arguments)
    let log = try ClipLog(path: output.path("clip.csv"), ownWindow: ownWindow.description)
    let thresholds = sweep.thresholds.map(\.description).joined(separator: ",")
    try output.writeConfig(arguments, workedOut: ["thresholds": .string(thresholds)])
    state = Mutex(State(log: log))
  }

  /// Trains, and writes everything the comparison leaves behind.
  ///
  /// - Throws: what a run throws; the rows of those that ended are kept.
  func run() throws -> ExitStatus {
    let missing = state.withLock { state in runs.filter { state.log.results[$0.key] == nil } }
    if missing.count < runs.count {
      terminal.note(
        "\(count(runs.count - missing.count)) of \(count(runs.count)) runs are in "
          + "\(output.folder) already")
    }
    if !missing.isEmpty {
      Interrupt.install()
      train(missing)
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    try finish()
    let left = state.withLock { state in runs.count { state.log.results[$0.key] == nil } }
    guard left > 0 else { return .done }
    terminal.note(
      "interrupted after \(count(runs.count - left)) of \(count(runs.count)) runs; repeat with "
        + "--out \(output.folder) to go on")
    return .interrupted
  }

  private func count(_ number: Int) -> String { NumberText.count(number) }

  // MARK: The runs

  private func train(_ missing: [ClipRun]) {
    var passes: [ClipRun] = []
    for run in missing where run.threshold.needsMeanNorm {
      if !passes.contains(where: { $0.key == run.unclipped.key }) { passes.append(run.unclipped) }
    }
    if !passes.isEmpty {
      let steps = arguments[.normSteps]
      terminal.note(
        "first the mean norm over \(count(steps)) updates without clipping, "
          + "\(count(passes.count)) time\(passes.count == 1 ? "" : "s")")
      share(passes, steps: steps, measureNorm)
    }
    share(missing, steps: plan.settings.updates, train)
  }

  /// Deals `runs` of up to `steps` updates out to the threads, each to be done by `body`.
  private func share(
    _ runs: [ClipRun], steps: Int,
    _ body: @escaping @Sendable (ClipRun, _ number: Int, ClipProgress) -> Void
  ) {
    let progress = ClipProgress(
      of: runs, steps: steps, withWindow: arguments.wasGiven(.windows), on: terminal)
    state.withLock { $0.next = 0 }
    Workers(count: min(arguments[.threads], runs.count)).run { _ in
      while let number = self.takeNext(of: runs.count) { body(runs[number], number, progress) }
    }
    progress.finish()
  }

  /// Does one unclipped pass and keeps its mean norm.
  private func measureNorm(_ run: ClipRun, _ number: Int, _ progress: ClipProgress) {
    do {
      let norm = try run.meanNorm(
        arguments, until: { self.mustStop }, report: { progress.show($0, of: number) })
      state.withLock { $0.meanNorms[run.key] = norm }
      progress.show(meanNorm: norm.norm, of: number)
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
    }
  }

  private func takeNext(of total: Int) -> Int? {
    state.withLock { state in
      guard state.next < total, state.failure == nil, !Interrupt.isRequested else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  /// Does one run and logs it, unless it is stopped.
  private func train(_ run: ClipRun, _ number: Int, _ progress: ClipProgress) {
    do {
      let norm = state.withLock { $0.meanNorms[run.unclipped.key] }
      let result = try run.train(
        arguments, meanNorm: norm, until: { self.mustStop },
        report: { progress.show($0, of: number) })
      guard let result else { return }
      try state.withLock { try $0.log.append(result) }
      progress.show(result, of: number)
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
    }
  }

  private var mustStop: Bool {
    Interrupt.isRequested || state.withLock { $0.failure != nil }
  }

  // MARK: Before and after

  /// - Throws: `TrainingError.tooLarge` when as many runs as are trained at once would not fit.
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
    let withWindow = state.withLock { $0.log.comparesWindows } || arguments.wasGiven(.windows)
    let results = try state.withLock { state in
      let results = state.log.ordered(as: runs)
      try state.log.finish(results)
      return results
    }
    let summary = ClipSummary(
      plan: plan, results: results, comparesWindows: withWindow,
      normSteps: arguments[.normSteps])
    try output.draw(summary.figure, name: "clip", formats: [.svg, .png])
    summary.print(on: terminal, folder: output.folder)
    try output.writeSummary(summary.json)
  }
}
