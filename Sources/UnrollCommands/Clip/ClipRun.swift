import DenseMath
import Optimisation
import RecurrentCells
import Training

/// One training run of a comparison.
struct ClipRun: Sendable {
  let cell: String
  let specification: CellSpecification
  let clipping: Clipping
  let truncation: Truncation
  let seed: Int

  var key: ClipResult.Key {
    ClipResult.Key(
      setting: ClipSetting(
        cell: cell, threshold: clipping.description, window: truncation.description),
      seed: seed)
  }

  /// The run as `unroll train --stop-when-solved --threads 1` would make it.
  ///
  /// - Throws: as ``TrainingPlan``.
  func plan(_ arguments: Arguments) throws -> TrainingPlan {
    var plan = try TrainingPlan(
      arguments, task: arguments.taskName(), specification: specification, seed: UInt64(seed))
    plan.settings.clipping = clipping
    plan.settings.truncation = truncation
    plan.settings.stopsWhenSolved = true
    plan.settings.threads = 1
    return plan
  }

  /// Trains on the calling thread.
  ///
  /// - Parameters:
  ///   - shouldStop: asked after every update.
  ///   - report: told of every update.
  /// - Returns: how it went, or nil when it was stopped before its end.
  /// - Throws: as ``TrainingPlan`` and `Trainer`; a run that becomes non-finite is a result.
  func train(
    _ arguments: Arguments, until shouldStop: () -> Bool,
    report: @escaping (UpdateRecord) -> Void
  ) throws -> ClipResult? {
    let plan = try plan(arguments)
    return plan.isDouble
      ? try train(plan, as: Double.self, until: shouldStop, report: report)
      : try train(plan, as: Float.self, until: shouldStop, report: report)
  }

  private func train<Element: Scalar>(
    _ plan: TrainingPlan, as type: Element.Type, until shouldStop: () -> Bool,
    report: @escaping (UpdateRecord) -> Void
  ) throws -> ClipResult? {
    let trainer = try plan.trainer(as: type)
    trainer.observers = [UpdateObserver(report)]
    var isFinite = true
    do {
      try trainer.run(until: shouldStop)
    } catch TrainingError.nonFinite {
      isFinite = false
    }
    let isOver =
      !isFinite || trainer.isSolved || trainer.totals.steps == plan.settings.steps
    guard isOver else { return nil }
    if !isFinite || trainer.totals.lastTestLoss == nil { try trainer.evaluate() }
    return ClipResult(
      key: key, totals: trainer.totals, isFinite: isFinite, baseline: plan.task.baselineLoss)
  }
}

private final class UpdateObserver: TrainingObserver {
  private let report: (UpdateRecord) -> Void

  init(_ report: @escaping (UpdateRecord) -> Void) { self.report = report }

  func didUpdate(_ record: UpdateRecord) { report(record) }
}
