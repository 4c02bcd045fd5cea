import UnrollSequenceTasks
import UnrollText

/// A number that says in a task's own units how well a model does.
package struct TaskResult {
  /// In `summary.json`.
  package let key: String
  /// For people.
  package let label: String
  package let value: Double
}

extension SequenceTask {
  /// What the loss is called.
  package var lossName: String {
    switch target {
    case .values: "squared error"
    case .classes: "cross-entropy"
    }
  }

  /// The test loss beside its baseline, for people.
  package func lossText(loss: Double, accuracy: Double?) -> String {
    "\(NumberText.significant(loss)); baseline \(NumberText.significant(baselineLoss)) "
      + "(\(baselineName))" + (accuracy.map { ", \(NumberText.percent($0)) right" } ?? "")
  }

  /// The test loss in units that people of the field use, beside those of known methods.
  package func results(testLoss: Double) -> [TaskResult] {
    if self is TextTask {
      return [
        TaskResult(
          key: "bits_per_character", label: "bits per character",
          value: TextTask.bitsPerCharacter(testLoss))
      ]
    }
    if let series = self as? SeriesTask {
      return [
        TaskResult(
          key: "squared_error", label: "squared error, unscaled",
          value: series.scaling.unscaled(loss: testLoss)),
        TaskResult(
          key: "ar2_squared_error", label: "the same of AR(2)", value: series.baselines.ar2),
        TaskResult(
          key: "persistence_squared_error", label: "the same of persistence",
          value: series.baselines.persistence),
      ]
    }
    return []
  }
}
