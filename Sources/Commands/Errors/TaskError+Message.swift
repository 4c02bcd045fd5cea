import UnrollCommandLine
import UnrollSequenceTasks
import UnrollText

extension TaskError: WordedError {
  package var exitStatus: ExitStatus {
    switch self {
    case .unknownTask, .missingOption, .lengthOutOfRange, .holdoutOutOfRange, .fileNotAccepted,
      .missingNotAccepted:
      .usage
    case .tooFewData, .tooShort, .partTooSmall, .shorterThanRecorded, .otherSplit, .notScalable,
      .nothingKnown, .arrays, .modelMismatch:
      .failed
    }
  }

  /// The library's words, with the options where the value came from one.
  package var message: String {
    switch self {
    case .missingOption(let task, let option):
      "the task \(task.quoted) needs --\(option.rawValue), \(option.meaning)"
    // The description begins with the option's name.
    case .lengthOutOfRange, .holdoutOutOfRange, .fileNotAccepted, .missingNotAccepted:
      "--\(description)"
    case .unknownTask, .tooFewData, .tooShort, .partTooSmall, .shorterThanRecorded, .otherSplit,
      .notScalable, .nothingKnown, .arrays, .modelMismatch:
      description
    }
  }
}
