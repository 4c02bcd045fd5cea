import Foundation
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
    "step", "loss", "gradient_norm", "clipped", "learning_rate", "seconds", validationColumn,
    "validation_accuracy",
  ]
  /// The column that is blank in the rows of updates which no validation follows.
  package static let validationColumn = "validation_loss"

  private let log: CSVLog
  private let seconds: () -> Double
  /// The last update's row, held back until it is known whether an evaluation follows.
  private var pending: (step: Int, row: [CSVField])?

  /// The key of a checkpoint's metadata for a row that is not in the log yet, because the evaluation
  /// after its update is still to be made.
  public static let heldKey = "held row of metrics.csv"

  /// Adds rows to `log`, whose columns are ``columns``.
  ///
  /// - Parameters:
  ///   - held: what a checkpoint has under ``heldKey``.
  ///   - seconds: how long the run has trained, asked after each update.
  public init(_ log: CSVLog, holding held: String? = nil, seconds: @escaping () -> Double) {
    self.log = log
    self.seconds = seconds
    guard let held else { return }
    let row = Self.row(held: held)
    guard let step = row.first.flatMap({ Int($0) }) else { return }
    pending = (step, row.prefix(Self.columns.count - 2).map { .text($0) })
  }

  /// The row that a checkpoint has under ``heldKey``, with blanks for the evaluation.
  public static func row(held: String) -> [String] {
    let fields = held.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return fields + [String](repeating: "", count: max(columns.count - fields.count, 0))
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

  /// Puts all rows onto the disk.
  ///
  /// - Parameter isHeld: whether the last update's row is held back, because an evaluation follows.
  /// - Returns: the log's ``CSVLog/digest``, and the row held back, for ``heldKey``.
  /// - Throws: ``FileError``.
  public func synchronize(holdingLast isHeld: Bool) throws -> (digest: String, held: String?) {
    if !isHeld { try flush(validation: [.blank, .blank]) }
    try log.synchronize()
    return (log.digest, pending?.row.line.trimmingCharacters(in: .newlines))
  }

  /// Writes the last row and gives the file its name.
  ///
  /// - Throws: ``FileError``.
  public func finish() throws {
    try flush(validation: [.blank, .blank])
    try log.finish()
  }
}
