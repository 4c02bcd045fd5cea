import UnrollFileFormats
import UnrollTraining

/// A run's losses and norms, for ``LossFigure``. They are thinned, so that a long run needs no more
/// memory than a short one: at most 20,000 updates are kept, at equal distances.
public final class RunHistory: TrainingObserver {
  private static let capacity = 20_000

  /// The updates that are kept, ascending.
  public private(set) var steps: [Int] = []
  /// The training loss of each.
  public private(set) var losses: [Double] = []
  /// The gradient's norm before clipping of each.
  public private(set) var norms: [Double] = []
  /// The validation losses, all of them.
  public private(set) var validations: [(step: Int, loss: Double)] = []
  private var stride = 1

  /// How the loss went: on the validation data, or for a task without them in training, where it is the
  /// mean of ten kept updates each.
  public var course: [(step: Int, loss: Double)] {
    if !validations.isEmpty { return validations }
    let count = 10
    return Swift.stride(from: count, through: steps.count, by: count).map { end in
      (steps[end - 1], losses[(end - count)..<end].reduce(0, +) / Double(count))
    }
  }

  /// A history that begins with the rows of an earlier ``MetricsLog``.
  public init(rows: [[String]] = []) {
    for row in rows where row.count == MetricsLog.columns.count {
      guard let step = Int(row[0]) else { continue }
      append(
        step: step, loss: CSVNumber.written(row[1]) ?? .nan, norm: CSVNumber.written(row[2]) ?? .nan
      )
      if let loss = CSVNumber.written(row[6]) { validations.append((step, loss)) }
    }
  }

  /// The history in the table of a ``MetricsLog``.
  ///
  /// - Throws: `FileError` for other columns, and with the line for a field that is no number.
  package convenience init(_ table: CSVTable) throws(FileError) {
    try table.requireColumns(MetricsLog.columns)
    let steps = try table.wholeNumbers(inColumn: "step")
    let losses = try table.measured(inColumn: "loss", blank: .nan)
    let norms = try table.measured(inColumn: "gradient_norm", blank: .nan)
    let validations = try table.measured(inColumn: MetricsLog.validationColumn, blank: .nan)
    let texts = try table.texts(inColumn: MetricsLog.validationColumn)
    self.init()
    for row in steps.indices {
      append(step: steps[row], loss: losses[row], norm: norms[row])
      if !texts[row].isEmpty { self.validations.append((steps[row], validations[row])) }
    }
  }

  public func didUpdate(_ record: UpdateRecord) {
    append(step: record.update, loss: record.loss, norm: record.gradientNorm)
  }

  public func didEvaluate(_ record: EvaluationRecord, isBest: Bool) {
    if record.split == .validation { validations.append((record.update, record.loss)) }
  }

  private func append(step: Int, loss: Double, norm: Double) {
    guard step % stride == 0 else { return }
    steps.append(step)
    losses.append(loss)
    norms.append(norm)
    guard steps.count > Self.capacity else { return }
    stride *= 2
    let kept = steps.indices.filter { steps[$0] % stride == 0 }
    (steps, losses, norms) = (
      kept.map { steps[$0] }, kept.map { losses[$0] }, kept.map { norms[$0] }
    )
  }
}
