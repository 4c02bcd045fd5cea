import UnrollCommandLine
import UnrollStudies
import UnrollText

extension ModelFitError: WordedError {
  package var message: String {
    let classes = outputs > 1 ? ", or of classes below \(outputs)" : ""
    let fitting = "--inputs FILE with x [T, B, \(inputs)] and y [B, \(outputs)]\(classes)"
    let sizes = "the model takes \(inputs) and gives \(NumberText.count(outputs, "number")) a step"
    return switch data {
    case .task(let name):
      "\(path.escaped): \(sizes), the task \(name.quoted) has \(dataInputs) and \(dataOutputs); "
        + "accepted: \(fitting), or a --task of such sizes"
    case .file(let file):
      "\(path.escaped): \(sizes), \(file.escaped) has \(dataInputs) and \(dataOutputs); "
        + "accepted: \(fitting)"
    }
  }
}
