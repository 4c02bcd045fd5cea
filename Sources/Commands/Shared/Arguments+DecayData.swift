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
  ///   - classes: O for integer targets of a file, a model's own; nil is the largest one plus 1.
  /// - Throws: as ``DecayData``.
  func decayData(
    of task: any SequenceTask, rows: Int, isExact: Bool = false, classes: Int? = nil
  ) throws -> DecayData {
    if task.hasFixedSequences, !task.has(.validation), let file = self[optional: .inputs] {
      return try DecayData(
        file: file, targets: targetsChoice, classes: classes,
        masksMissing: reading.missing == .mask)
    }
    return try DecayData(task, rows: rows, stretch: self[.length], isExact: isExact)
  }
}
