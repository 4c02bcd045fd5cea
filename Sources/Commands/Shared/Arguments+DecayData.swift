import UnrollCommandLine
import UnrollSequenceTasks
import UnrollStudies

extension Arguments {
  /// The batch that gradients are measured on: all sequences of `--inputs` where none of them are for
  /// validation, or those of `task`.
  ///
  /// - Parameters:
  ///   - rows: B, except for a file's sequences.
  ///   - isExact: whether a stream shorter than `--length` is refused.
  /// - Throws: as ``DecayData``.
  func decayData(of task: any SequenceTask, rows: Int, isExact: Bool = false) throws -> DecayData {
    if let task = task as? ArraysTask, !task.has(.validation), let file = self[optional: .inputs] {
      return DecayData(task, of: file)
    }
    return try DecayData(task, rows: rows, stretch: self[.length], isExact: isExact)
  }
}
