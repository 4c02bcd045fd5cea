import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

extension SequenceTask {
  /// A batch of this task's data, of a whole sequence unless `steps` says otherwise.
  func filled(
    _ split: Split = .train, sequence: Int = 0, rows: Int, of allRows: Int? = nil,
    step: Int = 0, steps: Int? = nil, isForTraining: Bool = true
  ) -> Batch<Double> {
    let allRows = allRows ?? rows
    let length = steps ?? self.timeSteps(in: split, rows: allRows)
    let batch = Batch<Double>(batchShape(in: split, steps: length, rows: rows))
    // What a batch held before must not show through.
    batch.inputs.fill(-7)
    batch.targets.fill(-7)
    batch.lossMask.fill(-7)
    for index in batch.inputClasses.indices { batch.inputClasses[index] = -7 }
    for index in batch.targetClasses.indices { batch.targetClasses[index] = -7 }
    fill(
      batch,
      from: BatchLocation(
        split: split, sequence: sequence, rows: allRows, step: step,
        isForTraining: isForTraining && split == .train))
    return batch
  }
}

/// One row of a batch, step by step.
struct SequenceRow: Equatable {
  var inputs: [[Double]] = []
  var inputClasses: [Int32] = []
  var targets: [[Double]] = []
  var targetClasses: [Int32] = []
  var lossMask: [Double] = []
}

extension Batch<Double> {
  /// Row `row` of every step.
  func row(_ row: Int) -> SequenceRow {
    var result = SequenceRow()
    for index in stride(from: row, to: shape.timeSteps * shape.rows, by: shape.rows) {
      if inputs.rows > 0 { result.inputs.append(inputs.rows(index..<index + 1).values) }
      if !inputClasses.isEmpty { result.inputClasses.append(inputClasses[index]) }
    }
    for index in stride(from: row, to: shape.supervised.count * shape.rows, by: shape.rows) {
      if targets.rows > 0 { result.targets.append(targets.rows(index..<index + 1).values) }
      if !targetClasses.isEmpty { result.targetClasses.append(targetClasses[index]) }
      result.lossMask.append(lossMask[0, index])
    }
    return result
  }

  var allRows: [SequenceRow] { (0..<shape.rows).map(row) }
}
