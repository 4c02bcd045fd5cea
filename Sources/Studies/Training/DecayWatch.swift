import UnrollDenseMath
import UnrollFileFormats
import UnrollGradientFlow
import UnrollRecurrentCells
import UnrollTraining

/// Measures the decay curves of a fixed batch while a model trains. Each measurement adds rows to a
/// log; those of the top layer are kept for ``DecayOverTrainingFigure``.
///
///     let watch = DecayWatch(trainer, every: 100, meter: meter, log: log)
///     trainer.observers.append(watch)
///     try watch.start()
///     try trainer.run()
///     try watch.finish()
public final class DecayWatch<Element: Scalar>: TrainingObserver {
  /// The curve that the figure shows, after `step` updates.
  public struct Measurement {
    /// The number of updates made before.
    public let step: Int
    /// The mean norm at lag 0, 1, 2, ….
    public let norms: [Double]
    /// Steps until the norm has halved; nil for a curve that does not decay exponentially.
    public let halfLife: Double?
    /// The largest lag with at least 1% of the norm at lag 0.
    public let horizon: Int?
  }

  /// The columns of the log.
  public static var columns: [String] {
    ["step", "layer", "path", "lag", "norm_mean", "norm_geomean"]
  }

  private unowned let trainer: Trainer<Element>
  private let every: Int
  private let meter: DecayMeter
  private let log: CSVLog
  /// The curve that the figure shows: the top layer's, by c where the cell has it.
  private let shown: (layer: Int, path: DecayPath)
  /// The measurements so far, those of a resumed log included.
  public private(set) var measurements: [Measurement] = []

  /// Prepares to measure `trainer` after every `every` updates; nothing is measured yet.
  ///
  /// - Parameters:
  ///   - meter: what measures, with the batch that it measures on.
  ///   - log: the log that rows are added to, with the columns ``columns``.
  public init(_ trainer: Trainer<Element>, every: Int, meter: DecayMeter, log: CSVLog) {
    self.trainer = trainer
    self.every = every
    self.meter = meter
    self.log = log
    shown = (
      trainer.model.configuration.layers - 1, trainer.model.cell.hasCellState ? .cell : .hidden
    )
    takeUp(log.resumedRows)
  }

  /// What the gradient in ``measurements`` is taken with respect to: `h` or `c`.
  public var path: String { shown.path.rawValue }

  /// Measures the fresh model, if training has not begun.
  ///
  /// - Throws: ``FileError``.
  public func start() throws {
    if trainer.totals.updates == 0 { try measure(after: 0) }
  }

  public func didUpdate(_ record: UpdateRecord) throws {
    if record.update % every == 0 { try measure(after: record.update) }
  }

  /// Ends the log; nothing more is measured.
  ///
  /// - Throws: ``FileError``.
  public func finish() throws { try log.finish() }

  private func measure(after step: Int) throws {
    for curve in meter.curves(under: trainer.parameters) {
      let (means, geometric) = (curve.means, curve.geometricMeans)
      for lag in means.indices {
        try log.append([
          .integer(step), .integer(curve.layer), .text(curve.path.rawValue), .integer(lag),
          .number(means[lag]), .number(geometric[lag]),
        ])
      }
      if curve.layer == shown.layer, curve.path == shown.path { append(step, means) }
    }
  }

  private func append(_ step: Int, _ means: [Double]) {
    let fit = DecayFit(means: means)
    measurements.append(
      .init(step: step, norms: means, halfLife: fit.halfLife, horizon: fit.horizon))
  }

  /// Takes up the rows of a resumed run's file.
  private func takeUp(_ rows: [[String]]) {
    var (step, means) = (0, [Double]())
    for row in rows where row[1] == "\(shown.layer)" && row[2] == shown.path.rawValue {
      guard let rowStep = Int(row[0]), let norm = CSVNumber.written(row[4]) else { continue }
      if rowStep != step, !means.isEmpty {
        append(step, means)
        means = []
      }
      step = rowStep
      means.append(norm)
    }
    if !means.isEmpty { append(step, means) }
  }
}
