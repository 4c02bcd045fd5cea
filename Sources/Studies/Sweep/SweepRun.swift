import UnrollDenseMath
import UnrollOptimization
import UnrollSequenceTasks
import UnrollTraining

/// What the runs of a group of a sweep share: a text for each of the options that are varied.
public struct SweepSetting: Hashable, Sendable {
  /// The values, in the order of the options.
  public let values: [String]

  /// A setting of those values.
  public init(_ values: [String]) { self.values = values }
}

/// One training run of a ``SweepStudy``.
public struct SweepRun: Sendable {
  /// The run's name in files. The same settings, data and seed have the same name.
  public let id: String
  /// What the run shares with those of other seeds.
  public let setting: SweepSetting
  /// The run's seed.
  public let seed: Int
  /// The clipping rule, which may be a multiple of the mean norm.
  public let threshold: ClipThreshold
  /// The name of the pass without clipping whose mean norm that is a multiple of: runs that differ in
  /// their threshold alone share it.
  public let unclippedPass: String
  /// What models that are kept of the run hold beside the weights.
  public let metadata: @Sendable () -> [String: String]
  /// Makes the run's training plan. The study sets its clipping rule and trains on one thread.
  public let plan: @Sendable () throws -> TrainingPlan

  /// A run called `id`.
  public init(
    id: String, setting: SweepSetting, seed: Int, threshold: ClipThreshold, unclippedPass: String,
    metadata: @escaping @Sendable () -> [String: String] = { [:] },
    plan: @escaping @Sendable () throws -> TrainingPlan
  ) {
    self.id = id
    self.setting = setting
    self.seed = seed
    self.threshold = threshold
    self.unclippedPass = unclippedPass
    self.metadata = metadata
    self.plan = plan
  }

  /// The run's plan under `clipping`, on one thread.
  private func plan(_ clipping: Clipping) throws -> TrainingPlan {
    var plan = try plan()
    plan.settings.clipping = clipping
    plan.settings.measuresClipping = true
    plan.settings.threads = 1
    return plan
  }

  /// Trains on the calling thread.
  ///
  /// - Parameters:
  ///   - meanNorm: the mean norm of the ``unclippedPass``, for a threshold that needs it.
  ///   - keeper: writes what is kept of the run.
  ///   - takesTest: whether the test losses are read at the end.
  ///   - shouldStop: called after every update; returning true ends the run early.
  ///   - report: called with every update's record, and the number of updates to be made.
  /// - Returns: how the run went, or nil when it was stopped early. A run that becomes non-finite has
  ///   diverged, which is a result.
  /// - Throws: `TrainingError` for settings that do not fit the task, the task's errors, `FileError`.
  func train(
    meanNorm: MeanNorm? = nil, keeper: RunKeeper? = nil, takesTest: Bool = true,
    until shouldStop: () -> Bool, report: @escaping (UpdateRecord, _ updates: Int) -> Void
  ) throws -> RunMeasures? {
    let plan = try plan(threshold.rule(meanNorm: meanNorm?.norm))
    return plan.isDouble
      ? try train(plan, keeper, takesTest, as: Double.self, until: shouldStop, report: report)
      : try train(plan, keeper, takesTest, as: Float.self, until: shouldStop, report: report)
  }

  private func train<Element: Scalar>(
    _ plan: TrainingPlan, _ keeper: RunKeeper?, _ takesTest: Bool, as type: Element.Type,
    until shouldStop: () -> Bool, report: @escaping (UpdateRecord, Int) -> Void
  ) throws -> RunMeasures? {
    let trainer = try plan.trainer(as: type)
    let effects = ClippingMean()
    trainer.observers = [UpdateObserver { report($0, plan.settings.updates) }, effects]
    let log = try keeper?.makeLog { [unowned trainer] in trainer.totals.seconds }
    if let log { trainer.observers.append(log) }
    let events = try keeper?.makeEvents(of: self, plan)
    if let events { trainer.observers.append(events.observer(of: trainer)) }
    var isFinite = true
    do {
      try trainer.run(until: shouldStop)
    } catch TrainingError.nonFinite {
      isFinite = false
    }
    guard !isFinite || trainer.isFinished else { return nil }
    if !isFinite, try !trainer.evaluateBrokenOff(until: shouldStop) { return nil }
    if trainer.totals.leftOutAll { isFinite = false }
    var test: TestRecord?
    if takesTest, plan.task.has(.test) {
      test = trainer.test(isFinite: isFinite, until: shouldStop)
      if test == nil { return nil }
    }
    try trainer.requireUnchangedFiles()
    try log?.finish()
    try keeper?.saveModels(of: trainer, plan)
    let measures = RunMeasures(
      totals: trainer.totals, test: test, effect: effects.mean, isFinite: isFinite,
      baseline: plan.task.baselineLoss(in: plan.task.selectionSplit))
    try events?.finish(measures)
    return measures
  }

  /// Trains for the first `updates` without clipping on the calling thread and takes the mean of their
  /// gradient norms. There are fewer updates where training becomes non-finite.
  ///
  /// - Returns: the mean, or nil when training was stopped early.
  /// - Throws: `TrainingError` for settings that do not fit the task, and the task's errors.
  public func meanNorm(
    updates: Int, until shouldStop: () -> Bool = { false },
    report: (UpdateRecord, _ updates: Int) -> Void = { _, _ in }
  ) throws -> MeanNorm? {
    let plan = try plan(.none)
    return plan.isDouble
      ? try meanNorm(plan, updates, as: Double.self, until: shouldStop, report: report)
      : try meanNorm(plan, updates, as: Float.self, until: shouldStop, report: report)
  }

  private func meanNorm<Element: Scalar>(
    _ plan: TrainingPlan, _ updates: Int, as type: Element.Type, until shouldStop: () -> Bool,
    report: (UpdateRecord, Int) -> Void
  ) throws -> MeanNorm? {
    let trainer = try plan.trainer(as: type)
    do {
      while trainer.totals.updates < updates {
        if shouldStop() { return nil }
        report(try trainer.step(), updates)
      }
    } catch TrainingError.nonFinite {}
    let totals = trainer.totals
    return MeanNorm(norm: totals.meanNorm, steps: totals.updates - totals.nonFinite)
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
