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
  /// The columns of the log.
  public static var columns: [String] {
    ["step", "layer", "path", "lag", "norm_mean", "norm_geomean"]
  }

  private unowned let trainer: Trainer<Element>
  private let every: Int
  private let meter: DecayMeter
  private let log: CSVLog
  /// The curve that the figure shows: the top layer's, by c where the cell has it; that of what enters
  /// last, where gradient enters at more than one step.
  private let shown: (layer: Int, path: String)
  /// The measurements so far, those of a resumed log included.
  public private(set) var measurements: [WatchedCurve] = []
  /// Told of the shown curve of each measurement that adds rows to the log.
  public var didMeasure: (WatchedCurve) throws -> Void = { _ in }

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
      trainer.model.configuration.layers - 1,
      DecayCurve.shownPathName(
        hasCellState: trainer.model.cell.hasCellState, meter.entryShown)
    )
    takeUp(log.resumedRows)
  }

  /// What the gradient in ``measurements`` is taken with respect to: `h` or `c`, as
  /// `DecayCurve.pathName` has it.
  public var path: String { shown.path }

  /// Measures the fresh model, if training has not begun.
  ///
  /// - Throws: ``FileError``.
  public func start() throws {
    if trainer.totals.updates == 0 { try measure(after: 0) }
  }

  public func didUpdate(_ record: UpdateRecord) throws {
    if record.update % every == 0 { try measure(after: record.update) }
  }

  /// The shown curve at the start, where the loss left its baseline and under the weights as they are
  /// now, which are measured unless they just were; nil before the first measurement. The log does not
  /// get that measurement, so that it is the same whether a run was interrupted or not.
  ///
  /// - Parameters:
  ///   - losses: the course of the loss, in the order of updates.
  ///   - baseline: the loss of a model that has learned nothing.
  public func milestones(
    losses: [(step: Int, loss: Double)], baseline: Double
  ) -> DecayMilestones? {
    var curves = measurements
    let now = trainer.totals.updates
    if curves.last?.step != now, trainer.parameters.values.isFinite {
      for curve in meter.curves(under: trainer.parameters) where isShown(curve) {
        curves.append(WatchedCurve(step: now, norms: curve.means))
      }
    }
    return DecayMilestones(
      path: shown.path, layer: shown.layer, curves, losses: losses, baseline: baseline)
  }

  /// Puts all rows onto the disk.
  ///
  /// - Returns: the log's ``CSVLog/digest``.
  /// - Throws: ``FileError``.
  public func synchronize() throws -> String {
    try log.synchronize()
    return log.digest
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
          .integer(step), .integer(curve.layer), .text(curve.pathName), .integer(lag),
          .number(means[lag]), .number(geometric[lag]),
        ])
      }
      if isShown(curve) { try didMeasure(append(step, means)) }
    }
  }

  private func isShown(_ curve: DecayCurve) -> Bool {
    curve.layer == shown.layer && curve.pathName == shown.path
  }

  @discardableResult
  private func append(_ step: Int, _ means: [Double]) -> WatchedCurve {
    let curve = WatchedCurve(step: step, norms: means)
    measurements.append(curve)
    return curve
  }

  /// Takes up the rows of a resumed run's file.
  private func takeUp(_ rows: [[String]]) {
    var (step, means) = (0, [Double]())
    for row in rows where row[1] == "\(shown.layer)" && row[2] == shown.path {
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
