import UnrollCommandLine
import UnrollSequenceTasks
import UnrollText

extension TaskError: WordedError {
  package var exitStatus: ExitStatus {
    switch self {
    case .unknownTask, .missingOption, .lengthOutOfRange, .holdoutOutOfRange, .fileNotAccepted,
      .missingNotAccepted, .columnAndList, .columnList, .noFeedback:
      .usage
    case .tooFewData, .tooShort, .partTooSmall, .tooFewToMeasure, .shorterThanRecorded, .otherSplit,
      .notScalable,
      .tooClose,
      .nothingKnown, .nothingInVocabulary, .repeatedColumn, .otherColumns, .arrays, .modelMismatch:
      .failed
    }
  }

  /// The library's words, with the options where the value came from one.
  package var message: String {
    switch self {
    case .missingOption(let task, let option):
      "the task \(task.quoted) needs --\(option.rawValue), \(option.meaning)"
    case .columnAndList(let list):
      "--column and --\(list.rawValue) exclude each other: --column is one that is read and predicted, "
        + "--columns are those that are read, and --target is what is predicted"
    // The description begins with the option's name.
    case .lengthOutOfRange, .holdoutOutOfRange, .fileNotAccepted, .missingNotAccepted, .columnList,
      .noFeedback:
      "--\(description)"
    case .unknownTask, .tooFewData, .tooShort, .partTooSmall, .tooFewToMeasure,
      .shorterThanRecorded, .otherSplit,
      .notScalable, .tooClose, .nothingKnown, .nothingInVocabulary, .repeatedColumn, .otherColumns,
      .arrays,
      .modelMismatch:
      description
    }
  }
}
