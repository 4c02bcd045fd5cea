import UnrollDenseMath
import UnrollSequenceTasks
import UnrollTraining

/// How a run of a comparison ended.
public enum RunVerdict: String, Sendable, CaseIterable, Codable {
  /// The task's criterion was met.
  case solved
  /// The run made all of its updates.
  case unsolved
  /// The run became non-finite, or its loss at the end is above 10 times the task's baseline.
  case diverged
}

/// What is known of a training run that has ended.
public struct RunMeasures: Equatable, Sendable, Codable {
  /// How the run ended.
  public var outcome: RunVerdict
  /// The updates that were tried.
  public var updates: Int
  /// The updates made when the criterion was first met; nil before, and for a run that diverged.
  public var updatesToSolve: Int?
  /// The loss at the end on the data that the best weights are chosen by: the validation data, or the
  /// training data of a task without them. NaN for a run that became non-finite, which has no weights at
  /// the end.
  public var finalLoss: Double
  /// Whether ``finalLoss`` and ``bestLoss`` are of validation data.
  public var isValidation: Bool
  /// The lowest such loss; nil where none was finite.
  public var bestLoss: Double?
  /// The test loss of the weights at the end: NaN for a run that became non-finite, nil for a task without
  /// test data.
  public var testLoss: Double?
  /// The test loss of the best weights; nil without test data, and where no validation loss was finite.
  public var bestTestLoss: Double?
  /// The share of the updates that clipping changed; nil where none was made.
  public var clippedFraction: Double?
  /// The mean of the gradient's global norm before clipping, over the updates where it was finite.
  public var meanNorm: Double?
  /// The largest of these norms.
  public var maxNorm: Double
  /// The mean of ‖clipped‖/‖unclipped‖ over the updates where it was measured; nil without one.
  public var effectiveStep: Double?
  /// The mean angle between the clipped and the unclipped gradient, in degrees, over the same updates.
  public var clipAngle: Double?
  /// How long the run took.
  public var seconds: Double
}

extension RunMeasures {
  /// Judges a finished run.
  ///
  /// - Parameters:
  ///   - totals: the trainer's totals; the last evaluation is that of the weights at the end.
  ///   - test: the test losses; nil for a task without test data, and where they were not taken.
  ///   - effect: the mean of what clipping did.
  ///   - isFinite: whether the run stayed finite.
  ///   - baseline: the task's baseline loss on the data of the last evaluation.
  public init(
    totals: TrainingTotals, test: TestRecord? = nil, effect: ClippingEffect? = nil, isFinite: Bool,
    baseline: Double
  ) {
    let loss = isFinite ? totals.lastEvaluation?.loss ?? .nan : .nan
    let isDiverged = !isFinite || !(loss <= 10 * baseline)
    self.init(
      outcome: isDiverged ? .diverged : totals.updatesToSolve == nil ? .unsolved : .solved,
      updates: totals.updates, updatesToSolve: isDiverged ? nil : totals.updatesToSolve,
      finalLoss: loss, isValidation: totals.lastEvaluation?.split == .validation,
      bestLoss: totals.bestEvaluation?.loss,
      testLoss: test.map { $0.last?.loss ?? .nan },
      bestTestLoss: test?.best?.loss, clippedFraction: totals.clippedFraction,
      meanNorm: totals.meanNorm, maxNorm: totals.largestNorm, effectiveStep: effect?.factor,
      clipAngle: effect?.angle, seconds: totals.seconds)
  }
}
