import UnrollRecurrentCells
import UnrollText

extension ModelFile {
  /// What a person should know of how the file was read, where it left something open: each worth a
  /// warning.
  var notices: [String] {
    var notices: [String] = []
    if assumesActivation {
      notices.append(
        "\(path.escaped) does not say the rnn's activation; tanh is assumed, --activation tells "
          + "otherwise")
    }
    if !unusedTensors.isEmpty {
      notices.append(
        "\(path.escaped): not part of the model measured, and left out: \(unusedTensors.quotedList)"
      )
    }
    return notices
  }
}
