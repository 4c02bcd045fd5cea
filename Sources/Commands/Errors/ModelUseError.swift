import UnrollCommandLine
import UnrollSequenceTasks
import UnrollText

/// Why a command cannot use a saved model.
enum ModelUseError: Error, Equatable {
  /// The data that the model was trained on are no longer where they were.
  case dataMissing(path: String, option: TaskOption, data: String)
  /// The file holds no vocabulary, without which classes are not characters.
  case noVocabulary(path: String, task: String?)
  /// A character model where numbers are written.
  case characterModel(path: String)
  /// Layers beside the recurrent ones and the readout, whose part in the model is not known.
  case otherLayers(path: String, tensors: [String], canName: Bool)
  /// There is neither `--model` nor a run under `runs/` whose model could be used.
  case noRun(command: String)
  /// No option says what the model is run on.
  case nothingToPredict(path: String, task: String?)
}

extension ModelUseError: WordedError {
  var exitStatus: ExitStatus {
    switch self {
    case .nothingToPredict, .noRun: .usage
    case .dataMissing, .noVocabulary, .characterModel, .otherLayers: .failed
    }
  }

  var message: String {
    switch self {
    case .dataMissing(let path, let option, let data):
      "\(path.escaped) was trained on \(data.escaped), which is not there; "
        + "--\(option.rawValue) says where it is"
    case .noVocabulary(let path, let task):
      "\(path.escaped) is no character model"
        + (task.map { ", it was trained on '\($0)'" } ?? "")
        + "; accepted are models of the task 'text', with their vocabulary"
    case .characterModel(let path):
      "\(path.escaped) is a character model; unroll sample --model \(path.escaped) writes its text"
    case .otherLayers(let path, let tensors, let canName):
      "\(path.escaped): \(tensors.quotedList) \(tensors.count == 1 ? "is" : "are") neither of the "
        + "recurrent layers nor of the readout"
        + (canName ? "; --readout NAME leaves them out" : "; accepted are models of these alone")
    case .noRun(let command):
      "\(command) needs --model FILE, a model.safetensors: there is no run under runs/ to use"
    case .nothingToPredict(let path, let task):
      "predict needs --inputs FILE with sequences x [T,N,I], or --file and --column of a series"
        + (task.map { ": \(path.escaped) was trained on '\($0)'" } ?? "")
    }
  }
}
