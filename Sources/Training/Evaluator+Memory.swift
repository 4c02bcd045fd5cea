import UnrollRecurrentCells
import UnrollSequenceTasks

extension Evaluator {
  /// Refuses an evaluation whose buffers the machine cannot hold, before anything is allocated.
  ///
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  public static func requireMemory(
    model: RecurrentModel, task: any SequenceTask, split: Split, trainingRows: Int
  ) throws(TrainingError) {
    let rows = task.layout(of: split, trainingRows: trainingRows).rows
    let length = task.timeSteps(in: split, rows: rows)
    let chunk = min(length, longestChunk)
    let steps = task.isStream ? chunk : length
    let data = dataBytes(of: task, split, steps: steps)
    let window = MemoryEstimate.windowWidth(model) + Double(model.configuration.target.width)
    let perRow = Double(chunk) * window * Double(MemoryLayout<Element>.size)
    try MemoryEstimate.require(bytes: Double(rows) * (perRow + data))
  }

  /// What the data of `steps` steps of a row take, twice, since a task may build them beside the
  /// batch.
  private static func dataBytes(of task: any SequenceTask, _ split: Split, steps: Int) -> Double {
    let element = Double(MemoryLayout<Element>.size)
    let label = Double(MemoryLayout<Int32>.size)
    let input =
      switch task.input {
      case .values(let count): Double(count) * element
      case .classes: label
      }
    let target =
      switch task.target {
      case .values(let count): Double(count) * element
      case .classes: label
      }
    let supervised = task.supervision(in: split, steps: steps).supervised
    return 2 * (Double(steps) * input + Double(supervised.count) * (target + element))
  }
}
