import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// Takes a model's loss over a task's test data, forward only, in windows of at most 100 steps.
public final class Evaluator<Element: Scalar> {
  static var longestChunk: Int { 100 }

  private let state: EvaluationState<Element>
  private let workers: Workers
  private let test: Workers.Body

  /// Allocates what a test takes, whose layout is the task's: `SequenceTask.testLayout`.
  ///
  /// - Parameters:
  ///   - weights: read at each run.
  ///   - trainingRows: B of the training.
  ///   - loss: nil for the target's own, `TargetKind.loss`.
  public init(
    _ weights: PackedParameters<Element>, task: any SequenceTask, trainingRows: Int, threads: Int,
    loss: (any Loss)? = nil
  ) {
    let state = EvaluationState(
      weights, task: task, trainingRows: trainingRows, threads: threads, loss: loss)
    self.state = state
    workers = Workers(count: state.shards.count)
    test = { state.run(worker: $0) }
  }

  /// The mean loss over all targets, and the share of scored answers that are right (nil for a loss
  /// that does not count them, as squared error).
  public func run() -> (loss: Double, accuracy: Double?) {
    workers.run(test)
    var sum = LossSum()
    var targets = 0.0
    for shard in state.shards {
      sum += shard.sum
      targets += shard.targets
    }
    return (loss: sum.loss / targets, accuracy: sum.accuracy)
  }
}

/// Unchecked: nothing of it changes, and worker n touches shard n alone.
private final class EvaluationState<Element: Scalar>: @unchecked Sendable {
  private let weights: PackedParameters<Element>
  private let task: any SequenceTask
  private let layout: (rows: Int, sequences: Int)
  private let length: Int
  private let chunk: Int
  let shards: [EvaluationShard<Element>]

  init(
    _ weights: PackedParameters<Element>, task: any SequenceTask, trainingRows: Int, threads: Int,
    loss: (any Loss)?
  ) {
    self.weights = weights
    self.task = task
    layout = task.testLayout(trainingRows: trainingRows)
    length = task.timeSteps(in: .test, rows: layout.rows)
    chunk = min(length, Evaluator<Element>.longestChunk)
    let steps = task.isStream ? chunk : length
    shards = (0..<layout.rows).cut(into: threads).map { [chunk] rows in
      EvaluationShard(
        rows: rows, batch: Batch(task.batchShape(steps: steps, rows: rows.count)),
        workspace: SequenceWorkspace(
          model: weights.model, capacity: chunk, rows: rows.count, loss: loss))
    }
  }

  func run(worker: Int) {
    let shard = shards[worker]
    shard.sum = .init()
    shard.targets = 0
    flushingSubnormals {
      for first in stride(from: 0, to: layout.sequences, by: layout.rows) {
        run(shard, firstSequence: first + shard.rows.lowerBound)
      }
    }
  }

  /// One group of sequences, or a stream, from its first step to its last.
  private func run(_ shard: EvaluationShard<Element>, firstSequence: Int) {
    shard.workspace.resetState(weights)
    for start in stride(from: 0, to: length, by: chunk) {
      if start > 0 { shard.workspace.carryState() }
      if start == 0 || task.isStream {
        let location = BatchLocation(
          split: .test, sequence: firstSequence, rows: layout.rows,
          step: task.isStream ? start : 0)
        task.fill(shard.batch, from: location)
        shard.dropRows(from: layout.sequences - firstSequence)
      }
      let end = min(start + chunk, length)
      let steps = task.isStream ? 0..<end - start : start..<end
      shard.workspace.forward(weights, shard.batch, steps: steps)
      shard.add(shard.workspace.loss(weights, shard.batch, over: steps, scale: 1), steps: steps)
    }
  }
}

/// One worker's rows of the test data.
///
/// Unchecked: during a run only its worker touches it, and afterwards the thread that ran it.
private final class EvaluationShard<Element: Scalar>: @unchecked Sendable {
  let rows: Range<Int>
  let batch: Batch<Element>
  let workspace: SequenceWorkspace<Element>
  var sum = LossSum()
  var targets = 0.0

  init(rows: Range<Int>, batch: Batch<Element>, workspace: SequenceWorkspace<Element>) {
    self.rows = rows
    self.batch = batch
    self.workspace = workspace
  }

  /// Takes rows past the last sequence out of the loss: the last group may be short.
  func dropRows(from count: Int) {
    let kept = max(count, 0)
    guard kept < rows.count else { return }
    let weights = batch.lossMask.reshaped(
      rows: batch.shape.supervised.count, columns: rows.count)
    weights.columns(kept..<rows.count).fill(0)
  }

  func add(_ loss: LossSum, steps: Range<Int>) {
    sum += loss
    let supervised = batch.shape.supervised
    let range = supervised.clamped(to: steps)
    guard !range.isEmpty else { return }
    let first = (range.lowerBound - supervised.lowerBound) * rows.count
    targets += batch.lossMask.slice(first..<first + range.count * rows.count).absoluteSum
  }
}
