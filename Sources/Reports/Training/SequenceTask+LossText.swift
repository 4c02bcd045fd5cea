import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText

extension SequenceTask {
  /// What the loss is called.
  package var lossName: String { target.loss.name }

  /// The test loss beside its baseline, for people.
  package func lossText(loss: Double, accuracy: Double?) -> String {
    "\(NumberText.significant(loss)); baseline \(NumberText.significant(baselineLoss)) "
      + "(\(baselineName))" + (accuracy.map { ", \(NumberText.percent($0)) right" } ?? "")
  }
}
