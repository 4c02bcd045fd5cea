import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

/// One worker's part of training: some rows of the batch, with its own memory and gradients.
///
/// Unchecked: in a phase only the worker that owns the shard touches it, and between phases only the
/// trainer does; `Workers.run` orders the two.
final class BatchShard<Element: Scalar>: @unchecked Sendable {
  /// The rows of the whole batch that are this shard's.
  let rows: Range<Int>
  let batch: Batch<Element>
  let workspace: SequenceWorkspace<Element>
  let gradients: Parameters<Element>
  /// The gradients without clipping in the backward pass, where that is measured.
  let reference: Parameters<Element>?
  private let clamp: PreactivationClipper<Element>?
  /// Watches the shard's backward pass; nil without anyone to watch.
  var observer: (any BackwardObserver<Element>)?
  private(set) var sum = LossSum()
  /// What the regularizer adds to the loss.
  private(set) var regularization = 0.0
  private let task: any SequenceTask

  init(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings,
    clipping: any ClippingRule, loss: any Loss, rows: Range<Int>, recompute: RecomputePlan?
  ) {
    self.rows = rows
    self.task = task
    let length = task.timeSteps(in: .train, rows: settings.batch)
    let capacity = settings.truncation.capacity(for: length)
    let shape = task.batchShape(steps: task.isStream ? capacity : length, rows: rows.count)
    batch = Batch(shape)
    workspace = SequenceWorkspace(
      model: model, capacity: capacity, rows: rows.count,
      supervisedCapacity: min(
        settings.truncation.lossCapacity(for: length), shape.supervised.count),
      loss: loss, omega: settings.regularizer.factor / Double(settings.batch),
      recompute: recompute)
    gradients = Parameters(model.layout)
    clamp = clipping.stateLimit.map { PreactivationClipper(limit: $0) }
    reference = clamp != nil && settings.measuresClipping ? Parameters(model.layout) : nil
  }

  /// Whether the last backward pass was clipped.
  var wasClamped: Bool { clamp?.didClip ?? false }

  /// Fills the shard's rows from `location`, which names the whole batch.
  func fill(from location: BatchLocation) {
    var location = location
    location.sequence += rows.lowerBound
    task.fill(batch, from: location)
  }

  /// The number of targets in the batch's steps `steps`.
  func targetCount(in steps: Range<Int>) -> Double {
    let supervised = batch.shape.supervised
    let range = supervised.clamped(to: steps)
    guard !range.isEmpty else { return 0 }
    let first = (range.lowerBound - supervised.lowerBound) * rows.count
    return batch.lossMask.slice(first..<first + range.count * rows.count).absoluteSum
  }

  /// Forward over `window`, and where there are targets the loss and backward, into the shard's own
  /// gradients.
  ///
  /// - Parameters:
  ///   - takesReference: whether ``reference`` is wanted as well, which takes a second backward pass
  ///     where the first was clipped.
  ///   - carrying: the number of the window's steps after which the next one starts.
  func run(
    _ window: BPTTWindow, _ weights: PackedParameters<Element>, targets: Double,
    takesReference: Bool, carrying: Int?
  ) {
    guard targets > 0 else {
      workspace.forward(weights, batch, steps: window.steps, carrying: carrying)
      return
    }
    gradients.values.fill(0)
    sum = workspace.forward(
      weights, batch, steps: window.steps, carrying: carrying, lossOver: window.lossSteps,
      scale: 1 / targets)
    clamp?.reset()
    workspace.backward(weights, batch, into: gradients, clipper: clamp, observer: observer)
    regularization = workspace.vanishingGradientLoss
    guard takesReference, let reference else { return }
    if wasClamped {
      reference.values.fill(0)
      workspace.backward(weights, batch, into: reference)
    } else {
      reference.values.assign(gradients.values)
    }
  }
}
