import UnrollCommandLine
import UnrollStudies
import UnrollText

extension SavedModelError: WordedError {
  package var exitStatus: ExitStatus {
    switch self {
    case .nothingToPredict, .noRun: .usage
    default: .failed
    }
  }

  package var message: String {
    switch self {
    case .checkpoint(let path):
      "\(path.escaped) is a checkpoint, for --resume; --model takes the model.safetensors or "
        + "best.safetensors beside it"
    case .otherSizes(let path, let task, let needed, let got):
      "\(path.escaped) has \(got.words); the task '\(task)' needs \(needed.words)"
    case .otherWidth(let path, let inputs, let needed, let got):
      "\(inputs.escaped): tensor 'x' has \(got) numbers a step; \(path.escaped) takes \(needed)"
    case .dataMissing(let path, let option, let data):
      "\(path.escaped) was trained on \(data.escaped), which is not there; "
        + "--\(option.rawValue) says where it is"
    case .noVocabulary(let path, let task):
      "\(path.escaped) is no character model"
        + (task.map { ", it was trained on '\($0)'" } ?? "")
        + "; accepted are models of the task 'text', with their vocabulary"
    case .characterModel(let path):
      "\(path.escaped) is a character model; unroll sample --model \(path.escaped) writes its text"
    case .noRun(let command):
      "\(command) needs --model FILE, a model.safetensors: there is no run under runs/ to use"
    case .nothingToPredict(let path, let task):
      "predict needs --inputs FILE with sequences x [T,N,I], or --file and --column of a series"
        + (task.map { ": \(path.escaped) was trained on '\($0)'" } ?? "")
    }
  }
}

extension SavedModelError.Sizes {
  fileprivate var words: String {
    let inputs =
      switch input {
      case .values(let count): count == 1 ? "1 number" : "\(count) numbers"
      case .classes(let count): "\(count) classes"
      }
    let outputs =
      switch target {
      case .values(let count): count == 1 ? "1 number" : "\(count) numbers"
      case .classes(let count): "\(count) classes"
      }
    return "\(inputs) in and \(outputs) out"
  }
}
