import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText

extension Split {
  /// What the part is called, for people and in JSON.
  package var name: String {
    switch self {
    case .train: "training data"
    case .validation: "validation"
    case .test: "test"
    }
  }

  /// What a loss on the part is called.
  package var lossName: String {
    self == .train ? "loss on the training data" : "\(name) loss"
  }
}

extension SequenceTask {
  /// What the loss is called.
  package var lossName: String { target.loss.name }

  /// What the loss on a part of the data is called: `test squared error`.
  package func lossName(in split: Split) -> String {
    split == .train ? "\(lossName) on the training data" : "\(split.name) \(lossName)"
  }

  /// A loss beside its baseline on the same part of the data, for people.
  package func lossText(loss: Double, accuracy: Double?, in split: Split) -> String {
    "\(NumberText.significant(loss)); baseline \(NumberText.significant(baselineLoss(in: split))) "
      + "(\(baselineName))" + (accuracy.map { ", \(NumberText.percent($0)) right" } ?? "")
  }
}
