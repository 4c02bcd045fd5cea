import UnrollCommandLine
import UnrollSequenceTasks
import UnrollStudies

extension SequenceTask {
  /// The task whose sequences gradients are measured on: where a file has none for validation, all of its
  /// sequences, those held out for the test too.
  var measuredTask: any SequenceTask {
    if let task = self as? ArraysTask, !task.has(.validation) { task.undivided } else { self }
  }
}

extension Arguments {
  /// The batch that gradients are measured on: all sequences of `--inputs` where none of them are for
  /// validation, or those of `task`.
  ///
  /// - Parameters:
  ///   - rows: B, except for a file's sequences.
  ///   - isExact: whether a stream shorter than `--length` is refused.
  /// - Throws: as ``DecayData``.
  func decayData(of task: any SequenceTask, rows: Int, isExact: Bool = false) throws -> DecayData {
    let measured = task.measuredTask
    if let all = measured as? ArraysTask, !task.has(.validation), let file = self[optional: .inputs]
    {
      return DecayData(all, of: file)
    }
    return try DecayData(measured, rows: rows, stretch: self[.length], isExact: isExact)
  }
}
