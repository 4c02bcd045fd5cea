import UnrollDenseMath
import UnrollFileFormats
import UnrollTraining

/// Writes a row for each update: loss, gradient norm, learning rate and time. The columns of the test
/// are filled after updates that an evaluation follows.
///
///     let log = try CSVLog(path: "metrics.csv", columns: MetricsLog.columns)
///     let metrics = MetricsLog(log) { trainer.totals.seconds }
///     trainer.observers.append(metrics)
public final class MetricsLog: TrainingObserver {
  /// The columns of the log.
  public static let columns = [
    "step", "loss", "gradient_norm", "clipped", "learning_rate", "seconds", "test_loss",
    "test_accuracy",
  ]

  private let log: CSVLog
  private let seconds: () -> Double
  /// The last update's row, held back until it is known whether an evaluation follows.
  private var pending: (step: Int, row: [CSVField])?

  /// Adds rows to `log`, whose columns are ``columns``.
  ///
  /// - Parameter seconds: how long the run has trained, asked after each update.
  public init(_ log: CSVLog, seconds: @escaping () -> Double) {
    self.log = log
    self.seconds = seconds
  }

  public func didUpdate(_ record: UpdateRecord) throws {
    try flush(test: [.blank, .blank])
    pending = (
      record.update,
      [
        .integer(record.update), .number(record.loss), .number(record.gradientNorm),
        .integer(record.clipped ? 1 : 0), .number(record.learningRate), .number(seconds()),
      ]
    )
  }

  public func didEvaluate(_ record: EvaluationRecord, isBest: Bool) throws {
    guard pending?.step == record.update else { return }
    try flush(test: [.number(record.loss), CSVField(record.accuracy)])
  }

  private func flush(test: [CSVField]) throws {
    guard let row = pending?.row else { return }
    pending = nil
    try log.append(row + test)
  }

  /// Puts all rows onto the disk, the last update's among them.
  ///
  /// - Returns: the log's ``CSVLog/digest``.
  /// - Throws: ``FileError``.
  public func synchronize() throws -> String {
    try flush(test: [.blank, .blank])
    try log.synchronize()
    return log.digest
  }

  /// Writes the last row and gives the file its name.
  ///
  /// - Throws: ``FileError``.
  public func finish() throws {
    try flush(test: [.blank, .blank])
    try log.finish()
  }
}
