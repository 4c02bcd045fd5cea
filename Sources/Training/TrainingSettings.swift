import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

/// How a model is trained.
public struct TrainingSettings: Sendable, Equatable {
  /// B.
  public var batch = 20
  /// Updates, counted from the run's start.
  public var updates = 8000
  /// Over how many steps the backward pass goes.
  public var truncation = Truncation.full
  /// What is done to gradients that are too large.
  public var clipping = Clipping.norm(1)
  /// Whether records tell what clipping did to the gradient as a whole: at every update, under
  /// `state` at every ``ClippingEffect/stateInterval``th. It costs a copy of the gradient and its
  /// norms where the rule does not scale the whole gradient, under `state` a second backward pass.
  public var measuresClipping = false
  /// What turns gradients into updates.
  public var optimizer = OptimizerKind.adam
  /// The optimizer's own numbers, such as momentum.
  public var optimizerSettings = OptimizerSettings()
  /// The learning rate over the updates.
  public var schedule = LearningRateSchedule(base: 0.001, horizon: 8000)
  /// Terms of the weights that are added to the loss.
  public var penalty = Penalty()
  /// Part of the loss, its gradient and its norm, as the penalty is.
  public var regularizer = Regularizer.none
  /// Whether the training loss is more than the task's own.
  public var hasPenalties: Bool { regularizer != .none || penalty != Penalty() }
  /// What happens when a loss or gradient is not finite, or an update overflows.
  public var nonFinite = NonFinitePolicy.stop
  /// The validation loss is taken after every this many updates, and after the last.
  public var evaluateEvery = 250
  /// Until the task is solved, the criterion is also judged after every this many updates; nil judges
  /// it at evaluations alone. Such a look counts as an evaluation only where the criterion is met, so
  /// that the best weights do not depend on it.
  public var solveEvery: Int?
  /// Whether training ends when an evaluation meets the task's criterion.
  public var stopsWhenSolved = false
  /// Takes the place of the task's own value of its criterion.
  public var solveAt: Double?
  /// Whether the backward pass finds all states of a window in memory, or runs some forward again. No
  /// number depends on it.
  public var recompute = Recompute.auto
  /// How many threads share the rows of a batch. A run's numbers depend on it in their last digits.
  public var threads = 1

  /// The defaults of `unroll train`.
  public init() {}

  /// When `task` counts as solved under these settings.
  public func criterion(for task: any SequenceTask) -> SolveCriterion? {
    solveAt.flatMap { task.criterion?.at($0) ?? .lossBelow($0) } ?? task.criterion
  }
}

/// What happens when a loss or gradient is not finite, or an update overflows.
public enum NonFinitePolicy: String, Sendable, CaseIterable {
  /// Training ends.
  case stop
  /// The update is left out and counted.
  case skip
}
