import UnrollCommandLine
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// What a training before measuring came to.
struct DecayTraining {
  /// The last finite weights.
  let parameters: Parameters<Double>
  let updates: Int
  /// Under the weights measured; nil where it was not taken.
  let testLoss: Double?
  /// Whether it went as far as it could, rather than to an interrupt.
  let isDone: Bool
  /// What ended it early.
  let failure: TrainingError?

  /// How far it went.
  var extent: String { updates == 1 ? "1 update" : "\(NumberText.count(updates)) updates" }

  /// Trains as `plan` says, in its precision, until it is done or an interrupt comes in.
  ///
  /// - Throws: `TrainingError` for a training that cannot begin.
  static func run(_ plan: TrainingPlan, label: String, terminal: Terminal) throws -> DecayTraining {
    plan.isDouble
      ? try run(plan.trainer(as: Double.self), label: label, terminal: terminal)
      : try run(plan.trainer(as: Float.self), label: label, terminal: terminal)
  }

  private static func run<Element>(
    _ trainer: Trainer<Element>, label: String, terminal: Terminal
  ) throws -> DecayTraining {
    let progress = ProgressObserver(
      ProgressLine(label, lastStep: trainer.settings.updates, on: terminal))
    let weights = FiniteWeights(trainer)
    trainer.observers = [weights, progress]
    defer { progress.line.finish() }
    var failure: TrainingError?
    do {
      try trainer.run(until: { Interrupt.isRequested })
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
  private(set) var updates = 0

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
