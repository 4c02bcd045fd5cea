import UnrollDenseMath
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollTraining

/// One run of a sweep in TensorBoard: its training, and for the dashboard of hyperparameters its setting and
/// its results. Runs that differ in their seeds alone are one row there, with the means of their results.
struct SweptRunEvents {
  private let log: EventLog
  private let results: [EventResult]

  /// - Parameter settings: the options that are varied, in their order.
  /// - Throws: `FileError`.
  init(
    of run: SweepRun, _ plan: TrainingPlan, settings: [EventSetting], log: EventLog
  ) throws {
    self.log = log
    results = EventResult.all.filter { $0.isExpected(plan) }
    let own = zip(settings, run.setting.values).filter { !$1.isEmpty }
    try log.append(
      [
        (EventValue.comparisonTag, .comparison(settings, results: results.map(\.tag))),
        (
          EventValue.sessionStartTag,
          .sessionStart(
            own.map { ($0, value: $1) },
            group: own.map { "\($0.name)=\($1)" }.joined(separator: ", "))
        ),
      ], step: 0)
  }

  /// What records the run's training.
  func observer<Element: Scalar>(of trainer: Trainer<Element>) -> TensorBoardLog<Element> {
    TensorBoardLog(trainer, log: log)
  }

  /// Records how the run went, and puts all of it onto the disk.
  ///
  /// - Throws: `FileError`.
  func finish(_ measures: RunMeasures) throws {
    let values = results.compactMap { result in
      result.value(measures).flatMap { $0.isFinite ? (result.tag, EventValue.scalar($0)) : nil }
    }
    try log.append(
      values + [
        (EventValue.sessionEndTag, .sessionEnd(isSuccess: measures.outcome != .diverged))
      ], step: measures.updates)
    try log.synchronize()
  }
}

/// A result of a run as TensorBoard shows it, under the name that `runs.csv` has for it.
private struct EventResult: Sendable {
  let name: String
  let value: @Sendable (RunMeasures) -> Double?
  /// Whether a run of the plan may have it.
  let isExpected: @Sendable (TrainingPlan) -> Bool

  var tag: String { "results/\(name)" }

  private init(
    _ name: String, _ value: @escaping @Sendable (RunMeasures) -> Double?,
    where isExpected: @escaping @Sendable (TrainingPlan) -> Bool = { _ in true }
  ) {
    self.name = name
    self.value = value
    self.isExpected = isExpected
  }

  static let all = [
    EventResult("solved", { $0.outcome == .solved ? 1 : 0 }, where: hasCriterion),
    EventResult("updates_to_solve", { $0.updatesToSolve.map(Double.init) }, where: hasCriterion),
    EventResult("diverged", { $0.outcome == .diverged ? 1 : 0 }),
    EventResult("validation_loss", { $0.finalLoss }, where: { $0.task.has(.validation) }),
    EventResult("best_validation_loss", { $0.bestLoss }, where: { $0.task.has(.validation) }),
    EventResult("training_loss", { $0.finalLoss }, where: { !$0.task.has(.validation) }),
    EventResult("best_training_loss", { $0.bestLoss }, where: { !$0.task.has(.validation) }),
    EventResult("test_loss", { $0.testLoss }, where: { $0.task.has(.test) }),
    EventResult("best_test_loss", { $0.bestTestLoss }, where: { $0.task.has(.test) }),
    EventResult("clipped_fraction", { $0.clippedFraction }),
    EventResult("mean_norm", { $0.meanNorm }), EventResult("max_norm", { $0.maxNorm }),
  ]

  @Sendable private static func hasCriterion(_ plan: TrainingPlan) -> Bool {
    plan.settings.criterion(for: plan.task) != nil
  }
}
