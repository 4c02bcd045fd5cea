import UnrollCommandLine
import UnrollTraining

extension TrainingError: WordedError {
  package var exitStatus: ExitStatus {
    switch self {
    case .nonFinite: .nonFinite
    case .streamNeedsWindow, .tooLarge, .recomputeSize, .regularizerNeedsRNN, .tooFewRows: .usage
    case .checkpointVersion, .checkpointMismatch, .noTargets, .dataLost: .failed
    }
  }

  /// The library's words, and which options help.
  package var message: String {
    switch self {
    case .nonFinite:
      "\(description); a lower --learning-rate, --clip or --on-nonfinite skip may help"
    case .tooLarge:
      "\(description); accepted are a smaller --hidden, --batch, --length or window, or fewer "
        + "--threads"
    case .recomputeSize: "--recompute \(description)"
    case .streamNeedsWindow: "--window full: \(description)"
    case .tooFewRows(let batch, let ranks):
      "--batch \(batch): \(description); accepted is at least \(ranks)"
    // The program refuses --regularize by its value, before there is a trainer.
    case .noTargets, .dataLost, .checkpointVersion, .checkpointMismatch, .regularizerNeedsRNN:
      description
    }
  }
}
