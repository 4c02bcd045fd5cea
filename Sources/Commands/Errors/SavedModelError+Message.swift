import UnrollCommandLine
import UnrollStudies
import UnrollText

extension SavedModelError: WordedError {
  package var exitStatus: ExitStatus { .failed }

  package var message: String {
    switch self {
    case .checkpoint(let path):
      "\(path.escaped) is a checkpoint, for --resume; --model takes the model.safetensors or "
        + "best.safetensors beside it"
    case .otherSizes, .otherWidth: description
    }
  }
}
