import UnrollCommandLine
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollText
import UnrollTraining

/// A training run without its files: what every rank does, in the same order.
final class TrainingRun<Element: Scalar> {
  let plan: TrainingPlan
  let trainer: Trainer<Element>
  private let terminal: Terminal
  /// Whether the run goes on with data that have changed.
  private let hasOtherData: Bool
  /// What was read at the end of the run.
  private(set) var test: TestRecord?

  /// - Parameter start: what the run begins with, or goes on from.
  init(_ start: TrainingStart, ranks: Ranks, terminal: Terminal) throws {
    plan = start.plan
    self.terminal = terminal
    hasOtherData = start.resumed?.hasChanges(in: start.data) ?? false
    for warning in plan.task.warnings(rows: plan.settings.batch) { terminal.warn(warning) }
    if let warning = plan.windowWarning { terminal.warn(warning) }
    if let resumed = start.resumed {
      try Trainer<Element>.requireParameters(
        of: RecurrentModel(plan.specification, plan.configuration), rows: plan.settings.batch,
        in: resumed.checkpoint)
    }
    trainer = try plan.trainer(ranks: ranks)
    if let note = trainer.recomputeNote { terminal.note(note) }
    if let resumed = start.resumed {
      try trainer.restore(from: resumed.checkpoint)
      try Self.requireNoFewer(than: trainer.totals.updates, start.arguments)
      if trainer.isFinished { try resumed.requireNoChange(after: trainer.totals.updates) }
      resumed.announce(on: terminal, after: trainer.totals.updates)
    }
  }

  /// A run cannot be resumed to an end that it has passed: its config.json would then say less than
  /// was done.
  ///
  /// - Throws: `UsageError.rejected`.
  private static func requireNoFewer(than done: Int, _ arguments: Arguments) throws {
    let steps = arguments[.steps]
    guard steps < done else { return }
    throw UsageError.rejected(
      OptionTable.row("steps"), value: "\(steps)", origin: .commandLine,
      accepted: "at least \(done), the updates that the checkpoint has made")
  }

  /// Trains to the end, an interrupt or a failure, which is the result.
  ///
  /// - Throws: `TrainingError.dataLost`, what an observer throws.
  func train() throws -> TrainingError? {
    if hasOtherData { measureBestAgain() }
    do {
      try trainer.run(until: { Interrupt.isRequested })
    } catch let error as TrainingError {
      // There is nothing left to be measured on.
      if case .dataLost = error { throw error }
      return error
    }
    return nil
  }

  /// The best weights were chosen on the data before: the next ones have to be better than they are on
  /// those now.
  private func measureBestAgain() {
    guard let before = trainer.totals.bestEvaluation else { return }
    let weights = "the best weights so far, after update \(NumberText.count(before.update))"
    let loss = "\(before.split == .validation ? "validation" : "training") loss"
    guard let now = trainer.evaluateBest(until: { Interrupt.isRequested }) else {
      terminal.note("\(weights), have no \(loss) on the changed data and are forgotten")
      return
    }
    guard now.loss != before.loss else { return }
    terminal.note(
      "\(weights), have the \(loss) \(NumberText.significant(now.loss)) on the changed data (it was "
        + "\(NumberText.significant(before.loss)))")
  }

  /// Takes the test of a run that has ended, which may take long and can be interrupted like the
  /// training itself.
  func measure(after failure: TrainingError?) throws -> RunOutcome {
    let isStopped = { Interrupt.isRequested }
    if failure != nil { _ = try trainer.evaluateBrokenOff(until: isStopped) }
    if failure != nil || trainer.isFinished {
      let isFinite = failure == nil && !trainer.totals.leftOutAll
      test = trainer.test(isFinite: isFinite, until: isStopped)
      try trainer.requireUnchangedFiles()
      if test != nil || !plan.task.has(.test) { return isFinite ? .finished : .nonFinite }
    }
    return failure == nil ? .interrupted : .nonFinite
  }
}
