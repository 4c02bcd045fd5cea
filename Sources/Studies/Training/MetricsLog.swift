import UnrollDenseMath
import UnrollFileFormats
import UnrollTraining

/// Writes a row for each update: loss, gradient norm, learning rate and time. The columns of the
/// validation are filled after updates that one follows.
///
///     let log = try CSVLog(path: "metrics.csv", columns: MetricsLog.columns)
///     let metrics = MetricsLog(log) { trainer.totals.seconds }
///     trainer.observers.append(metrics)
public final class MetricsLog: TrainingObserver {
  /// The columns of the log.
  public static let columns = [
    "step", "loss", "gradient_norm", "clipped", "learning_rate", "seconds", "validation_loss",
    "validation_accuracy",
  ]

  private let log: CSVLog
  private let seconds: () -> Double
  /// The last update's row, held back until it is known whether an evaluation follows.
  private var pending: (step: Int, row: [CSVField])?

  /// Adds rows to `log`, whose columns are ``columns``.
  ///
  /// - Parameters:
  ///   - held: a row of an earlier log that is still to be written, since its evaluation is still to be
  ///     made; see `Trainer.isEvaluationDue`.
  ///   - seconds: how long the run has trained, asked after each update.
  public init(_ log: CSVLog, holding held: [String]? = nil, seconds: @escaping () -> Double) {
    self.log = log
    self.seconds = seconds
    guard let held, let step = held.first.flatMap({ Int($0) }) else { return }
    pending = (step, held.prefix(Self.columns.count - 2).map { .text($0) })
  }

  public func didUpdate(_ record: UpdateRecord) throws {
    try flush(validation: [.blank, .blank])
    pending = (
      record.update,
      [
        .integer(record.update), .number(record.loss), .number(record.gradientNorm),
        .integer(record.clipped ? 1 : 0), .number(record.learningRate), .number(seconds()),
      ]
    )
  }

  public func didEvaluate(_ record: EvaluationRecord, isBest: Bool) throws {
    guard pending?.step == record.update, record.split == .validation else { return }
    try flush(validation: [.number(record.loss), CSVField(record.accuracy)])
  }

  private func flush(validation: [CSVField]) throws {
    guard let row = pending?.row else { return }
    pending = nil
    try log.append(row + validation)
  }

  /// Writes the last row and gives the file its name.
  ///
  /// - Throws: ``FileError``.
  public func finish() throws {
    try flush(validation: [.blank, .blank])
    try log.finish()
  }
}
