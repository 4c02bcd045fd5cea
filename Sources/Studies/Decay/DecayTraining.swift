import UnrollDenseMath
import UnrollOptimization
import UnrollText
import UnrollTraining

/// What a training before measuring came to.
package struct DecayTraining {
  /// The last finite weights.
  package let parameters: Parameters<Double>
  package let updates: Int
  /// Under the weights measured; nil where it was not taken.
  package let testLoss: Double?
  /// Whether it went as far as it could, rather than to an interrupt.
  package let isDone: Bool
  /// What ended it early.
  package let failure: TrainingError?

  /// How far it went.
  package var extent: String { updates == 1 ? "1 update" : "\(NumberText.count(updates)) updates" }

  /// Trains as `plan` says, in its precision, until it is done or `shouldStop` says so.
  ///
  /// - Throws: `TrainingError` for a training that cannot begin.
  package static func run(
    _ plan: TrainingPlan, observer: any TrainingObserver, until shouldStop: () -> Bool
  ) throws -> DecayTraining {
    plan.isDouble
      ? try run(plan.trainer(as: Double.self), observer, until: shouldStop)
      : try run(plan.trainer(as: Float.self), observer, until: shouldStop)
  }

  private static func run<Element>(
    _ trainer: Trainer<Element>, _ observer: any TrainingObserver, until shouldStop: () -> Bool
  ) throws -> DecayTraining {
    let weights = FiniteWeights(trainer)
    trainer.observers = [weights, observer]
    var failure: TrainingError?
    do {
      try trainer.run(until: shouldStop)
    } catch let error as TrainingError {
      failure = error
    }
    let parameters = Parameters<Double>(trainer.model.layout)
    parameters.values.assign(weights.last.values.values)
    let isDone = weights.updates == trainer.settings.updates || trainer.isSolved
    return DecayTraining(
      parameters: parameters, updates: weights.updates,
      testLoss: isDone ? trainer.totals.lastTestLoss : nil, isDone: isDone || failure != nil,
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
