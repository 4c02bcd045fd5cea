import DenseMath
import Optimisation
import RecurrentCells
import SequenceTasks

/// One worker's part of training: some rows of the batch, with its own memory and gradients.
final class Lane<Element: Scalar>: @unchecked Sendable {
  /// The rows of the whole batch that are this lane's.
  let rows: Range<Int>
  let batch: Batch<Element>
  let window: Window<Element>
  let gradients: Parameters<Element>
  /// The gradients without clipping on the way back, where that is measured.
  let reference: Parameters<Element>?
  private let clamp: GateClamp<Element>?
  /// Watches the lane's way back, where somebody wants to.
  var observer: (any BackwardObserver<Element>)?
  private(set) var sum = Window<Element>.LossSum()
  /// What the regulariser adds to the loss.
  private(set) var regularisation = 0.0
  private let task: any SequenceTask

  init(model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings, rows: Range<Int>)
  {
    self.rows = rows
    self.task = task
    let length = task.steps(in: .train, rows: settings.batch)
    let capacity = settings.truncation.capacity(for: length)
    let shape = task.batchShape(steps: task.isStream ? capacity : length, rows: rows.count)
    batch = Batch(shape)
    window = Window(
      model: model, capacity: capacity, rows: rows.count,
      supervisedCapacity: min(
        settings.truncation.lossCapacity(for: length), shape.supervised.count),
      omega: settings.regulariser.factor / Double(settings.batch))
    gradients = Parameters(model.layout)
    clamp = settings.clipping.stateLimit.map {
      GateClamp(limit: $0, rows: rows.count, hidden: model.configuration.hidden)
    }
    reference = clamp != nil && settings.measuresClipping ? Parameters(model.layout) : nil
  }

  /// Whether the last way back was clipped.
  var wasClamped: Bool { clamp?.didClamp ?? false }

  /// Fills the lane's rows from `place`, which names the whole batch.
  func fill(from place: Place) {
    var place = place
    place.sequence += rows.lowerBound
    task.fill(batch, from: place)
  }

  /// The number of targets in the batch's steps `steps`.
  func targetCount(in steps: Range<Int>) -> Double {
    let supervised = batch.shape.supervised
    let range = supervised.clamped(to: steps)
    guard !range.isEmpty else { return 0 }
    let first = (range.lowerBound - supervised.lowerBound) * rows.count
    return batch.weights.slice(first..<first + range.count * rows.count).absoluteSum
  }

  /// Forward over `pass`, and where there are targets the loss and backward, into the lane's own
  /// gradients.
  ///
  /// - Parameter takesReference: whether ``reference`` is wanted as well, a second way back where the
  ///   first was clipped.
  func run(
    _ pass: Pass, _ weights: LaidOutParameters<Element>, targets: Double, takesReference: Bool
  ) {
    window.forward(weights, batch, steps: pass.steps)
    guard targets > 0 else { return }
    gradients.values.fill(0)
    sum = window.loss(weights, batch, over: pass.lossSteps, scale: 1 / targets)
    clamp?.reset()
    window.backward(weights, batch, into: gradients, clamp: clamp, observer: observer)
    regularisation = window.vanishingGradientLoss
    guard takesReference, let reference else { return }
    if wasClamped {
      reference.values.fill(0)
      window.backward(weights, batch, into: reference)
    } else {
      reference.values.assign(gradients.values)
    }
  }
}
