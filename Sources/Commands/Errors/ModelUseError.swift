import UnrollCommandLine
import UnrollSequenceTasks
import UnrollText

/// Why a command cannot use a saved model.
enum ModelUseError: Error, Equatable {
  /// The data that the model was trained on are no longer where they were.
  case dataMissing(path: String, option: String, data: String)
  /// The data that the model was trained on have changed.
  case dataChanged(DataChange, Use)
  /// The file names data, but not by their size and hash, so that they are not opened.
  case dataUnrecorded(path: String, option: String, data: String)
  /// The file holds no vocabulary, without which classes are not characters.
  case noVocabulary(path: String, task: String?)
  /// A character model where numbers are written.
  case characterModel(path: String)
  /// Layers beside the recurrent ones and the readout, whose part in the model is not known.
  case otherLayers(path: String, tensors: [String], canName: Bool)
  /// There is neither `--model` nor a run under `runs/` whose model could be used.
  case noRun(command: String)
  /// A model is to be trained further, and neither its file nor an option says on what; the sizes are
  /// not those of the task that is taken otherwise.
  case noTask(path: String, inputs: Int, outputs: Int, task: String, command: String)
  /// No option says what the model is run on.
  case nothingToPredict(path: String, task: String?)

  /// What the data were to be used for.
  enum Use: Equatable {
    /// Going on with the run.
    case resume
    /// Anything with its model.
    case model
    /// Making a run of a sweep again.
    case sweep
  }
}

extension ModelUseError: WordedError {
  var exitStatus: ExitStatus {
    switch self {
    case .nothingToPredict, .noRun, .noTask: .usage
    case .dataMissing, .dataChanged, .dataUnrecorded, .noVocabulary, .characterModel, .otherLayers:
      .failed
    }
  }

  var message: String {
    switch self {
    case .dataMissing(let path, let option, let data):
      "\(path.escaped) was trained on \(data.escaped), which is not there; "
        + "--\(option) says where it is"
    case .dataChanged(let change, .resume):
      "\(change); restore it, say with --\(change.recorded.option) where it is, or go on with "
        + "--accept-changed-data and the run's own vocabulary, scaling and split"
    case .dataChanged(let change, .model):
      "\(change); --\(change.recorded.option) takes this file or another one"
    case .dataChanged(let change, .sweep):
      "\(change); restore the file, and the run can be made again"
    case .dataUnrecorded(let path, let option, let data):
      "\(path.escaped) names \(data.escaped) without its size and hash, so that nobody knows whether "
        + "it is what the model was trained on; --\(option) takes this file or another one"
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
    case .noTask(let path, let inputs, let outputs, let task, let command):
      "\(path.escaped) names no task, and takes \(NumberText.count(inputs, "number")) and gives "
        + "\(outputs), as the task \(task) does not; accepted: a task, unroll \(command) TASK --model FILE, "
        + "or --inputs FILE with sequences x [T, N, \(inputs)]"
    case .nothingToPredict(let path, let task):
      "predict needs --inputs FILE with sequences x [T,N,I], or --file and --column of a series"
        + (task.map { ": \(path.escaped) was trained on '\($0)'" } ?? "")
    }
  }
}
