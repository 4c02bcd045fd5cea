import UnrollRecurrentCells
import UnrollText

extension ModelFile {
  /// What a person should know of how the file was read, where it left something open: each worth a
  /// warning.
  ///
  /// - Parameter readsOutputs: whether the model's outputs count, so that layers behind it would.
  func notices(readsOutputs: Bool = true) -> [String] {
    let others = readsOutputs ? otherTensors : []
    var notices: [String] = []
    if assumesActivation {
      notices.append(
        "\(path.escaped) does not say the rnn's activation; tanh is assumed, --activation tells "
          + "otherwise")
    }
    if !others.isEmpty {
      notices.append(
        "\(path.escaped): not part of the model measured, and left out: \(others.quotedList)"
      )
    }
    return notices
  }
}
