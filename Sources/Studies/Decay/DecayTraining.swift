import UnrollDenseMath
import UnrollOptimization
import UnrollText
import UnrollTraining

/// How a training before measuring went.
public struct DecayTraining: Sendable {
  /// The last finite weights, which are measured.
  public let parameters: Parameters<Double>
  /// The number of updates that led to them.
  public let updates: Int
  /// The validation loss under these weights, or that on the training data of a task without validation
  /// data; nil where it was not taken.
  public let evaluation: EvaluationRecord?
  /// Whether the task was solved; nil for a task without a criterion, and where training was stopped.
  public let isSolved: Bool?
  /// Whether the training went to its end, or broke off by itself, rather than being stopped.
  public let isDone: Bool
  /// What ended it early; nil where nothing did.
  public let failure: TrainingError?

  /// The number of updates in words: `2,000 updates`.
  package var extent: String { NumberText.count(updates, "update") }

  /// Trains as `plan` says, in its precision, until it is done or `shouldStop` says so.
  ///
  /// - Throws: `TrainingError` for a training that cannot begin.
  package static func run(
    _ plan: TrainingPlan, observer: (any TrainingObserver)?, until shouldStop: () -> Bool
  ) throws -> DecayTraining {
    plan.isDouble
      ? try run(plan.trainer(as: Double.self), observer, until: shouldStop)
      : try run(plan.trainer(as: Float.self), observer, until: shouldStop)
  }

  private static func run<Element>(
    _ trainer: Trainer<Element>, _ observer: (any TrainingObserver)?, until shouldStop: () -> Bool
  ) throws -> DecayTraining {
    let weights = FiniteWeights(trainer)
    trainer.observers = [weights] + (observer.map { [$0] } ?? [])
    var failure: TrainingError?
    do {
      try trainer.run(until: shouldStop)
    } catch let error as TrainingError {
      if case .dataLost = error { throw error }
      failure = error
    }
    let parameters = Parameters<Double>(trainer.model.layout)
    parameters.values.assign(weights.last.values.values)
    let isDone = weights.updates == trainer.totals.updates && trainer.isFinished
    return DecayTraining(
      parameters: parameters, updates: weights.updates,
      evaluation: isDone ? trainer.totals.lastEvaluation : nil,
      isSolved: isDone && trainer.criterion != nil ? trainer.isSolved : nil,
      isDone: isDone || failure != nil,
      failure: failure)
  }
}

/// Keeps the last weights of a training that were finite.
private final class FiniteWeights<Element: Scalar>: TrainingObserver {
  private unowned let trainer: Trainer<Element>
  let last: Parameters<Element>
  package private(set) var updates = 0

  init(_ trainer: Trainer<Element>) {
    self.trainer = trainer
    last = Parameters(trainer.model.layout)
    last.values.assign(trainer.parameters.values)
  }

  func didUpdate(_ record: UpdateRecord) {
    guard trainer.parameters.values.isFinite else { return }
    last.values.assign(trainer.parameters.values)
    updates = record.update
  }
}
