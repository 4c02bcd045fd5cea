import UnrollDenseMath
import UnrollFileFormats
import UnrollTraining

/// Writes `metrics.csv`, a row an update, with the test columns filled on evaluation steps.
package final class MetricsLog: TrainingObserver {
  package static let columns = [
    "step", "loss", "gradient_norm", "clipped", "learning_rate", "seconds", "test_loss",
    "test_accuracy",
  ]

  private let log: CSVLog
  private let seconds: () -> Double
  /// The last update's row, held back until it is known whether an evaluation follows.
  private var pending: (step: Int, row: [CSVField])?

  /// - Parameter seconds: how long the run has trained.
  package init(_ log: CSVLog, seconds: @escaping () -> Double) {
    self.log = log
    self.seconds = seconds
  }

  package func didUpdate(_ record: UpdateRecord) throws {
    try flush(test: [.blank, .blank])
    pending = (
      record.update,
      [
        .integer(record.update), .number(record.loss), .number(record.gradientNorm),
        .integer(record.clipped ? 1 : 0), .number(record.learningRate), .number(seconds()),
      ]
    )
  }

  package func didEvaluate(_ record: EvaluationRecord, isBest: Bool) throws {
    guard pending?.step == record.update else { return }
    try flush(test: [.number(record.loss), CSVField(record.accuracy)])
  }

  private func flush(test: [CSVField]) throws {
    guard let row = pending?.row else { return }
    pending = nil
    try log.append(row + test)
  }

  /// Writes what is left and gives the file its name.
  package func finish() throws {
    try flush(test: [.blank, .blank])
    try log.finish()
  }
}
