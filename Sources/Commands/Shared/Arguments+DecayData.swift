import UnrollCommandLine
import UnrollSequenceTasks
import UnrollStudies

/// What gradients are measured on: a task and the part of its data. Where a file has none for validation, that
/// is all of its sequences, those held out for the test too. Of a stream it is the training part.
struct DecayPart {
  let task: any SequenceTask
  let split: Split
  /// The file's sequences, where they are all measured, held out or not.
  let wholeFile: ArraysTask?

  init(of task: any SequenceTask) {
    wholeFile = (task as? ArraysTask).flatMap { $0.has(.validation) ? nil : $0.undivided }
    self.task = wholeFile ?? task
    split = task.isStream ? .train : self.task.selectionSplit
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
    let part = DecayPart(of: task)
    if let all = part.wholeFile, let file = self[optional: .inputs] {
      return DecayData(all, of: file)
    }
    return try DecayData(part.task, rows: rows, stretch: self[.length], isExact: isExact)
  }
}
