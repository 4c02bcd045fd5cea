import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// One training run of a comparison.
package struct ClipRun: Sendable {
  package let cell: String
  package let specification: CellSpecification
  package let threshold: ClipThreshold
  package let truncation: Truncation
  package let seed: Int

  package var key: ClipResult.Key {
    ClipResult.Key(
      setting: ClipSetting(
        cell: cell, threshold: threshold.description, window: truncation.description),
      seed: seed)
  }

  /// The run whose mean norm a threshold in such units means: the same without clipping.
  package var unclipped: ClipRun {
    ClipRun(
      cell: cell, specification: specification, threshold: .rule(.none), truncation: truncation,
      seed: seed)
  }

  /// `plan` with the run's own settings: as `unroll train --stop-when-solved --threads 1` would make
  /// it.
  private func adapted(_ plan: TrainingPlan, _ clipping: Clipping) -> TrainingPlan {
    var plan = plan
    plan.settings.clipping = clipping
    plan.settings.measuresClipping = true
    plan.settings.truncation = truncation
    plan.settings.stopsWhenSolved = true
    plan.settings.threads = 1
    return plan
  }

  /// Trains on the calling thread.
  ///
  /// - Parameters:
  ///   - plan: the training, but for the rule of clipping, the window and the threads.
  ///   - meanNorm: the mean norm of ``unclipped``, for a threshold that needs it.
  ///   - shouldStop: asked after every update.
  ///   - report: told of every update.
  /// - Returns: how it went, or nil when it was stopped before its end.
  /// - Throws: as ``TrainingPlan`` and `Trainer`; a run that becomes non-finite is a result.
  package func train(
    _ plan: TrainingPlan, meanNorm: MeanNorm?, until shouldStop: () -> Bool,
    report: @escaping (UpdateRecord) -> Void
  ) throws -> ClipResult? {
    let plan = adapted(plan, threshold.rule(meanNorm: meanNorm?.norm))
    let reference = threshold.needsMeanNorm ? meanNorm : nil
    return plan.isDouble
      ? try train(plan, reference, as: Double.self, until: shouldStop, report: report)
      : try train(plan, reference, as: Float.self, until: shouldStop, report: report)
  }

  /// The mean norm over the first updates, on the calling thread: `updates` of them, fewer where
  /// training becomes non-finite or is stopped.
  ///
  /// - Throws: as ``TrainingPlan`` and `Trainer`.
  package func meanNorm(
    _ plan: TrainingPlan, updates steps: Int, until shouldStop: () -> Bool,
    report: @escaping (UpdateRecord) -> Void
  ) throws -> MeanNorm {
    let plan = adapted(plan, threshold.rule(meanNorm: nil))
    return plan.isDouble
      ? try meanNorm(plan, as: Double.self, steps, until: shouldStop, report: report)
      : try meanNorm(plan, as: Float.self, steps, until: shouldStop, report: report)
  }

  private func meanNorm<Element: Scalar>(
    _ plan: TrainingPlan, as type: Element.Type, _ steps: Int, until shouldStop: () -> Bool,
    report: (UpdateRecord) -> Void
  ) throws -> MeanNorm {
    let trainer = try plan.trainer(as: type)
    do {
      while trainer.totals.updates < steps, !shouldStop() { report(try trainer.step()) }
    } catch TrainingError.nonFinite {}
    let totals = trainer.totals
    return MeanNorm(norm: totals.meanNorm, steps: totals.updates - totals.nonFinite)
  }

  private func train<Element: Scalar>(
    _ plan: TrainingPlan, _ reference: MeanNorm?, as type: Element.Type,
    until shouldStop: () -> Bool, report: @escaping (UpdateRecord) -> Void
  ) throws -> ClipResult? {
    let trainer = try plan.trainer(as: type)
    let effects = ClippingMean()
    trainer.observers = [UpdateObserver(report), effects]
    var isFinite = true
    do {
      try trainer.run(until: shouldStop)
    } catch TrainingError.nonFinite {
      isFinite = false
    }
    let isOver =
      !isFinite || trainer.isSolved || trainer.totals.updates == plan.settings.updates
    guard isOver else { return nil }
    if !isFinite || trainer.totals.lastTestLoss == nil { try trainer.evaluate() }
    return ClipResult(
      key: key, totals: trainer.totals, effect: effects.mean, reference: reference,
      isFinite: isFinite, baseline: plan.task.baselineLoss)
  }
}

private final class UpdateObserver: TrainingObserver {
  private let report: (UpdateRecord) -> Void

  init(_ report: @escaping (UpdateRecord) -> Void) { self.report = report }

  func didUpdate(_ record: UpdateRecord) { report(record) }
}

/// The mean of what clipping did, over the updates where that was measured.
private final class ClippingMean: TrainingObserver {
  private var count = 0.0
  private var factor = 0.0
  private var angle = 0.0

  var mean: ClippingEffect? {
    count > 0 ? ClippingEffect(factor: factor / count, angle: angle / count) : nil
  }

  func didUpdate(_ record: UpdateRecord) {
    guard let effect = record.clippingEffect else { return }
    count += 1
    factor += effect.factor
    angle += effect.angle
  }
}
