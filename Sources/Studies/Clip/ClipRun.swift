import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// One training run of a ``ClipStudy``: what it changes in the comparison's training plan.
public struct ClipRun: Sendable {
  /// The cell's label in tables and figures.
  public let cell: String
  /// The cell, and how its weights are initialized.
  public let specification: CellSpecification
  /// The clipping threshold.
  public let threshold: ClipThreshold
  /// The window of truncated backpropagation.
  public let truncation: Truncation
  /// Determines the initial weights.
  public let seed: Int

  /// A run of one cell, under one threshold, window and seed.
  public init(
    cell: String, specification: CellSpecification, threshold: ClipThreshold,
    truncation: Truncation = .full, seed: Int
  ) {
    self.cell = cell
    self.specification = specification
    self.threshold = threshold
    self.truncation = truncation
    self.seed = seed
  }

  /// What distinguishes the run from the others.
  public var key: ClipResult.Key {
    ClipResult.Key(
      setting: ClipSetting(
        cell: cell, threshold: threshold.description, window: truncation.description),
      seed: seed)
  }

  /// The same run without clipping, whose mean norm is the unit of ``ClipThreshold/meanNorms(_:)``.
  public var unclipped: ClipRun {
    ClipRun(
      cell: cell, specification: specification, threshold: .rule(.none), truncation: truncation,
      seed: seed)
  }

  /// `plan` with the run's own settings, on one thread, ending when the task is solved.
  private func adapted(_ plan: TrainingPlan, _ clipping: Clipping) -> TrainingPlan {
    var plan = plan
    plan.settings.clipping = clipping
    plan.settings.measuresClipping = true
    plan.settings.truncation = truncation
    plan.settings.stopsWhenSolved = true
    plan.settings.threads = 1
    return plan
  }

  /// Trains on the calling thread until the task is solved or all updates are made.
  ///
  /// - Parameters:
  ///   - plan: the training; the run sets its clipping rule, window and threads. Its seed should be
  ///     the run's.
  ///   - meanNorm: the mean norm of ``unclipped``, for a threshold that needs it.
  ///   - shouldStop: called after every update; returning true ends the run early.
  ///   - report: called with every update's record.
  /// - Returns: how the run went, or nil when it was stopped early. A run that becomes non-finite
  ///   has diverged, which is a result.
  /// - Throws: `TrainingError` for settings that do not fit the task, and the task's errors.
  public func train(
    _ plan: TrainingPlan, meanNorm: MeanNorm? = nil, until shouldStop: () -> Bool = { false },
    report: @escaping (UpdateRecord) -> Void = { _ in }
  ) throws -> ClipResult? {
    let plan = adapted(plan, threshold.rule(meanNorm: meanNorm?.norm))
    let reference = threshold.needsMeanNorm ? meanNorm : nil
    return plan.isDouble
      ? try train(plan, reference, as: Double.self, until: shouldStop, report: report)
      : try train(plan, reference, as: Float.self, until: shouldStop, report: report)
  }

  /// Trains for the first `updates` on the calling thread and takes the mean of their gradient norms.
  /// There are fewer updates where training becomes non-finite.
  ///
  /// - Returns: the mean, or nil when training was stopped early.
  /// - Throws: As ``train(_:meanNorm:until:report:)``.
  public func meanNorm(
    _ plan: TrainingPlan, updates steps: Int, until shouldStop: () -> Bool = { false },
    report: @escaping (UpdateRecord) -> Void = { _ in }
  ) throws -> MeanNorm? {
    let plan = adapted(plan, threshold.rule(meanNorm: nil))
    return plan.isDouble
      ? try meanNorm(plan, as: Double.self, steps, until: shouldStop, report: report)
      : try meanNorm(plan, as: Float.self, steps, until: shouldStop, report: report)
  }

  private func meanNorm<Element: Scalar>(
    _ plan: TrainingPlan, as type: Element.Type, _ steps: Int, until shouldStop: () -> Bool,
    report: (UpdateRecord) -> Void
  ) throws -> MeanNorm? {
    let trainer = try plan.trainer(as: type)
    do {
      while trainer.totals.updates < steps {
        if shouldStop() { return nil }
        report(try trainer.step())
      }
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

/// The mean of what clipping did, over the updates where it was measured.
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
