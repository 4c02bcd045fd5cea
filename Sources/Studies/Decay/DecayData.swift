import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// The batch that gradients are measured on: test sequences of a generated task, all sequences of a
/// file, or stretches of a stream.
package struct DecayData {
  package enum Source: Equatable {
    case task(String)
    case file(path: String)
  }

  package let source: Source
  package let shape: BatchShape
  private let make: () -> Batch<Double>

  /// - Parameters:
  ///   - length: T of a stream's stretches; less for a shorter stream, unless it is `exact`.
  ///   - rows: B; a task with sequences of its own is measured on all of them.
  ///   - file: where a task with sequences of its own has them.
  /// - Throws: `TaskError.lengthOutOfRange` for a stream shorter than T.
  package init(
    _ task: any SequenceTask, length: Int, exact: Bool, rows: Int, file: String?
  ) throws(TaskError) {
    let rows = task.sequenceCount ?? rows
    source =
      if task.sequenceCount != nil, let file { .file(path: file) } else { .task(task.name) }
    let steps: Int
    if task.isStream {
      let available = task.timeSteps(in: .train, rows: 1)
      if exact, length > available {
        throw TaskError.lengthOutOfRange(
          task: task.name, length: length, accepted: 1...max(available, 1))
      }
      steps = min(length, available)
    } else {
      steps = task.timeSteps(in: .test, rows: rows)
    }
    let shape = task.batchShape(steps: steps, rows: rows)
    self.shape = shape
    make = {
      let batch = Batch<Double>(shape)
      if task.isStream {
        batch.fill(withStretchesOf: task)
      } else {
        task.fill(batch, from: BatchLocation(split: .test, sequence: 0, rows: rows))
      }
      return batch
    }
  }

  /// The batch, filled.
  package func batch() -> Batch<Double> { make() }
}

extension Batch<Double> {
  /// Fills the rows with stretches of a stream's training part that start at equal distances; they
  /// overlap where the stream is short.
  fileprivate func fill(withStretchesOf task: any SequenceTask) {
    let (steps, rows) = (shape.timeSteps, shape.rows)
    let spare = task.timeSteps(in: .train, rows: 1) - steps
    let stretch = Batch(task.batchShape(steps: steps, rows: 1))
    for row in 0..<rows {
      let start = rows > 1 ? spare * row / (rows - 1) : 0
      task.fill(stretch, from: BatchLocation(split: .train, sequence: 0, rows: 1, step: start))
      copy(stretch, toRow: row)
    }
  }

  /// Copies a batch of one row into row `row`.
  private func copy(_ single: Batch, toRow row: Int) {
    let rows = shape.rows
    func copy(_ source: Matrix<Double>, to target: Matrix<Double>, places: Int) {
      guard source.count > 0 else { return }
      let width = source.count / places
      target.reshaped(rows: places, columns: rows * width)
        .columns(row * width..<(row + 1) * width)
        .assign(source.reshaped(rows: places, columns: width))
    }
    let supervised = shape.supervised.count
    copy(single.inputs, to: inputs, places: shape.timeSteps)
    copy(single.targets, to: targets, places: supervised)
    copy(single.lossMask, to: lossMask, places: supervised)
    for (step, index) in single.inputClasses.enumerated() {
      inputClasses[step * rows + row] = index
    }
    for (step, index) in single.targetClasses.enumerated() {
      targetClasses[step * rows + row] = index
    }
  }
}
