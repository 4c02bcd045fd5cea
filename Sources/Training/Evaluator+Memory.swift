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
    // Twice, since a task may build its data beside the batch.
    let data = 2 * MemoryEstimate.dataBytes(of: task, split, steps: steps, as: Element.self)
    let row = WindowMemory(model, capacity: chunk, rows: 1, supervised: chunk, as: Element.self)
    try MemoryEstimate.require(
      bytes: Double(rows) * (Double(chunk) * (row.step + row.outputs) + data))
  }
}
