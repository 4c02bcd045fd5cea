import UnrollFileFormats
import UnrollSequenceTasks

/// A number that tells how a run went: a column of `runs.csv`, and a result in TensorBoard.
struct RunMeasure: Sendable {
  let name: String
  let field: @Sendable (RunMeasures) -> CSVField
  /// Whether a run of the plan may have it as a result.
  let isResult: @Sendable (TrainingPlan) -> Bool

  private init(
    _ name: String, _ field: @escaping @Sendable (RunMeasures) -> CSVField,
    isResult: @escaping @Sendable (TrainingPlan) -> Bool = { _ in true }
  ) {
    (self.name, self.field, self.isResult) = (name, field, isResult)
  }

  /// The columns of `runs.csv` behind the outcome, in their order.
  static let all = [
    RunMeasure("updates", { .integer($0.updates) }, isResult: { _ in false }),
    RunMeasure("updates_to_solve", { CSVField($0.updatesToSolve) }, isResult: hasCriterion),
    RunMeasure(
      "validation_loss", { $0.isValidation ? .number($0.finalLoss) : .blank },
      isResult: { $0.task.has(.validation) }),
    RunMeasure(
      "best_validation_loss", { CSVField($0.isValidation ? $0.bestLoss : nil) },
      isResult: { $0.task.has(.validation) }),
    RunMeasure("test_loss", { CSVField($0.testLoss) }, isResult: { $0.task.has(.test) }),
    RunMeasure("best_test_loss", { CSVField($0.bestTestLoss) }, isResult: { $0.task.has(.test) }),
    RunMeasure("clipped_fraction", { CSVField($0.clippedFraction) }),
    RunMeasure("mean_norm", { CSVField($0.meanNorm) }),
    RunMeasure("max_norm", { .number($0.maxNorm) }),
    RunMeasure("effective_step", { CSVField($0.effectiveStep) }, isResult: { _ in false }),
    RunMeasure("clip_angle", { CSVField($0.clipAngle) }, isResult: { _ in false }),
  ]

  /// The last columns of `runs.csv`, for tasks without validation data.
  static let ofTraining = [
    RunMeasure(
      "training_loss", { $0.isValidation ? .blank : .number($0.finalLoss) },
      isResult: { !$0.task.has(.validation) }),
    RunMeasure(
      "best_training_loss", { CSVField($0.isValidation ? nil : $0.bestLoss) },
      isResult: { !$0.task.has(.validation) }),
  ]

  /// The results in TensorBoard: how a run ended as 1 or 0 too, for means over seeds.
  static let results =
    [
      RunMeasure("solved", { $0.outcome == .solved ? 1 : 0 }, isResult: hasCriterion),
      RunMeasure("diverged", { $0.outcome == .diverged ? 1 : 0 }),
    ] + all + ofTraining

  @Sendable private static func hasCriterion(_ plan: TrainingPlan) -> Bool {
    plan.settings.criterion(for: plan.task) != nil
  }
}
