import DenseMath
import Optimisation
import RecurrentCells
import SequenceTasks

/// Takes a model's loss over a task's test data, forward only, in windows of at most 100 steps.
public final class Evaluator<Element: Scalar> {
  static var longestChunk: Int { 100 }

  private let share: EvaluationShare<Element>
  private let workers: Workers

  /// - Parameter weights: read at each run.
  public init(
    _ weights: LaidOutParameters<Element>, task: any SequenceTask, trainingRows: Int, threads: Int
  ) {
    let share = EvaluationShare(
      weights, task: task, trainingRows: trainingRows, threads: threads)
    self.share = share
    workers = Workers(count: share.lanes.count) { share.run(worker: $0) }
  }

  /// The mean loss over all targets, and the share of scored answers that are right (nil under
  /// squared error).
  public func run() -> (loss: Double, accuracy: Double?) {
    workers.run()
    var sum = Window<Element>.LossSum()
    var targets = 0.0
    for lane in share.lanes {
      sum += lane.sum
      targets += lane.targets
    }
    return (
      loss: sum.loss / targets,
      accuracy: sum.scored > 0 ? Double(sum.hits) / Double(sum.scored) : nil
    )
  }
}

private final class EvaluationShare<Element: Scalar>: @unchecked Sendable {
  private let weights: LaidOutParameters<Element>
  private let task: any SequenceTask
  private let layout: (rows: Int, sequences: Int)
  private let length: Int
  private let chunk: Int
  let lanes: [EvaluationLane<Element>]

  init(
    _ weights: LaidOutParameters<Element>, task: any SequenceTask, trainingRows: Int, threads: Int
  ) {
    self.weights = weights
    self.task = task
    layout = task.testLayout(trainingRows: trainingRows)
    length = task.steps(in: .test, rows: layout.rows)
    chunk = min(length, Evaluator<Element>.longestChunk)
    let steps = task.isStream ? chunk : length
    lanes = (0..<layout.rows).cut(into: threads).map { [chunk] rows in
      EvaluationLane(
        rows: rows, batch: Batch(task.batchShape(steps: steps, rows: rows.count)),
        window: Window(model: weights.model, capacity: chunk, rows: rows.count))
    }
  }

  func run(worker: Int) {
    let lane = lanes[worker]
    lane.sum = .init()
    lane.targets = 0
    flushingSubnormals {
      for first in stride(from: 0, to: layout.sequences, by: layout.rows) {
        run(lane, firstSequence: first + lane.rows.lowerBound)
      }
    }
  }

  /// One group of sequences, or a stream, from its first step to its last.
  private func run(_ lane: EvaluationLane<Element>, firstSequence: Int) {
    lane.window.resetState(weights)
    for start in stride(from: 0, to: length, by: chunk) {
      if start > 0 { lane.window.carryState() }
      if start == 0 || task.isStream {
        let place = Place(
          split: .test, sequence: firstSequence, rows: layout.rows,
          step: task.isStream ? start : 0)
        task.fill(lane.batch, from: place)
        lane.dropRows(from: layout.sequences - firstSequence)
      }
      let end = min(start + chunk, length)
      let steps = task.isStream ? 0..<end - start : start..<end
      lane.window.forward(weights, lane.batch, steps: steps)
      lane.add(lane.window.loss(weights, lane.batch, over: steps, scale: 1), steps: steps)
    }
  }
}

private final class EvaluationLane<Element: Scalar>: @unchecked Sendable {
  let rows: Range<Int>
  let batch: Batch<Element>
  let window: Window<Element>
  var sum = Window<Element>.LossSum()
  var targets = 0.0

  init(rows: Range<Int>, batch: Batch<Element>, window: Window<Element>) {
    self.rows = rows
    self.batch = batch
    self.window = window
  }

  /// Takes rows past the last sequence out of the loss: the last group may be short.
  func dropRows(from count: Int) {
    let kept = max(count, 0)
    guard kept < rows.count else { return }
    let weights = batch.weights.reshaped(
      rows: batch.shape.supervised.count, columns: rows.count)
    weights.columns(kept..<rows.count).fill(0)
  }

  func add(_ loss: Window<Element>.LossSum, steps: Range<Int>) {
    sum += loss
    let supervised = batch.shape.supervised
    let range = supervised.clamped(to: steps)
    guard !range.isEmpty else { return }
    let first = (range.lowerBound - supervised.lowerBound) * rows.count
    targets += batch.weights.slice(first..<first + range.count * rows.count).absoluteSum
  }
}
