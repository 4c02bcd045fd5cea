import Synchronization
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// Takes a model's loss over a part of a task's data, forward only, in windows of at most 100 steps.
public final class Evaluator<Element: Scalar> {
  static var longestChunk: Int { 100 }

  private let state: EvaluationState<Element>
  private let workers: Workers
  private let evaluate: Workers.Body
  private let ranks: Ranks
  /// How many targets the last run counted.
  public private(set) var targetCount = 0

  /// Allocates what an evaluation takes, whose layout is the task's:
  /// `SequenceTask.layout(of:trainingRows:)`.
  ///
  /// - Parameters:
  ///   - weights: read at each run.
  ///   - split: the part of the data, which the task must have.
  ///   - trainingRows: B of the training.
  ///   - loss: nil for the target's own, `TargetKind.loss`.
  ///   - ranks: the processes that share the rows; they all run the evaluator and get the same result.
  public init(
    _ weights: PackedParameters<Element>, task: any SequenceTask, split: Split, trainingRows: Int,
    threads: Int, loss: (any Loss)? = nil, ranks: Ranks = .single
  ) {
    let state = EvaluationState(
      weights, task: task, split: split, trainingRows: trainingRows, threads: threads, loss: loss,
      ranks: ranks)
    self.state = state
    self.ranks = ranks
    // A rank may have no rows.
    workers = Workers(count: max(state.shards.count, 1))
    evaluate = { state.run(worker: $0) }
  }

  /// The mean loss over all targets, and the share of scored answers that are right (nil for a loss
  /// that does not count them, as squared error).
  public func run() -> (loss: Double, accuracy: Double?) {
    // Nothing stops it, so there is a result.
    run(until: { false }) ?? (loss: .nan, accuracy: nil)
  }

  /// The same, unless `shouldStop` says to break off: then nil, since what a part of the data says is
  /// no result. It is asked on the caller's thread, after every window.
  public func run(until shouldStop: () -> Bool) -> (loss: Double, accuracy: Double?)? {
    let wasStopped = withoutActuallyEscaping(shouldStop) { shouldStop in
      state.stoppingIf(shouldStop) { workers.run(evaluate) }
    }
    var sum = LossSum()
    var targets = 0.0
    for shard in state.shards {
      sum += shard.sum
      targets += shard.targets
    }
    let sums = Matrix<Double>(
      rows: 1, columns: 5,
      [sum.loss, targets, Double(sum.hits), Double(sum.scored), wasStopped ? 1 : 0])
    ranks.sum(sums)
    guard sums[0, 4] == 0 else { return nil }
    targetCount = Int(sums[0, 1])
    (sum.hits, sum.scored) = (Int(sums[0, 2]), Int(sums[0, 3]))
    return (loss: sums[0, 0] / sums[0, 1], accuracy: sum.accuracy)
  }
}

/// Unchecked: worker n touches shard n alone, `shouldStop` changes between runs, and only worker 0,
/// which is the caller's thread, calls it.
private final class EvaluationState<Element: Scalar>: @unchecked Sendable {
  private let weights: PackedParameters<Element>
  private let task: any SequenceTask
  private let split: Split
  private let layout: (rows: Int, sequences: Int)
  private let length: Int
  private let chunk: Int
  let shards: [EvaluationShard<Element>]
  private var shouldStop: () -> Bool = { false }
  private let isStopped = Atomic(false)

  init(
    _ weights: PackedParameters<Element>, task: any SequenceTask, split: Split, trainingRows: Int,
    threads: Int, loss: (any Loss)?, ranks: Ranks
  ) {
    self.weights = weights
    self.task = task
    self.split = split
    layout = task.layout(of: split, trainingRows: trainingRows)
    length = task.timeSteps(in: split, rows: layout.rows)
    chunk = min(length, Evaluator<Element>.longestChunk)
    let steps = task.isStream ? chunk : length
    shards = ranks.share(of: 0..<layout.rows).cut(into: threads).map { [chunk] rows in
      EvaluationShard(
        rows: rows, batch: Batch(task.batchShape(in: split, steps: steps, rows: rows.count)),
        workspace: SequenceWorkspace(
          model: weights.model, capacity: chunk, rows: rows.count, loss: loss))
    }
  }

  /// Whether `shouldStop` said so while `body` ran.
  func stoppingIf(_ shouldStop: @escaping () -> Bool, _ body: () -> Void) -> Bool {
    self.shouldStop = shouldStop
    defer { self.shouldStop = { false } }
    isStopped.store(false, ordering: .relaxed)
    body()
    return isStopped.load(ordering: .relaxed)
  }

  /// Whether to break off, which worker 0 finds out for all of them.
  private func mustStop(worker: Int) -> Bool {
    if worker == 0, shouldStop() { isStopped.store(true, ordering: .relaxed) }
    return isStopped.load(ordering: .relaxed)
  }

  @_specialize(where Element == Float)
  func run(worker: Int) {
    guard worker < shards.count else { return }
    let shard = shards[worker]
    shard.sum = .init()
    shard.targets = 0
    flushingSubnormals {
      for first in stride(from: 0, to: layout.sequences, by: layout.rows) {
        guard run(shard, worker, firstSequence: first + shard.rows.lowerBound) else { return }
      }
    }
  }

  /// One group of sequences, or a stream, from its first step to its last.
  ///
  /// - Returns: False where it was broken off.
  private func run(
    _ shard: EvaluationShard<Element>, _ worker: Int, firstSequence: Int
  ) -> Bool {
    shard.workspace.resetState(weights)
    for start in stride(from: 0, to: length, by: chunk) {
      if mustStop(worker: worker) { return false }
      if start > 0 { shard.workspace.carryState() }
      if start == 0 || task.isStream {
        let location = BatchLocation(
          split: split, sequence: firstSequence, rows: layout.rows,
          step: task.isStream ? start : 0)
        task.fill(shard.batch, from: location)
        shard.dropRows(from: layout.sequences - firstSequence)
      }
      let end = min(start + chunk, length)
      let steps = task.isStream ? 0..<end - start : start..<end
      shard.workspace.forward(weights, shard.batch, steps: steps)
      shard.add(shard.workspace.loss(weights, shard.batch, over: steps, scale: 1), steps: steps)
    }
    return true
  }
}

/// One worker's rows of the data.
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
