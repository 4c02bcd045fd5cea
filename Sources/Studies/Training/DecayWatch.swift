import UnrollDenseMath
import UnrollFileFormats
import UnrollGradientFlow
import UnrollRecurrentCells
import UnrollTraining

/// Measures the decay curves of a fixed batch while a model trains: `decay-over-training.csv`, and
/// what its figure shows.
package final class DecayWatch<Element: Scalar>: TrainingObserver {
  /// The curve that the figure shows, after `step` updates.
  package struct Measurement {
    package let step: Int
    package let norms: [Double]
    package let halfLife: Double?
    package let horizon: Int?
  }

  package static var columns: [String] {
    ["step", "layer", "path", "lag", "norm_mean", "norm_geomean"]
  }

  private unowned let trainer: Trainer<Element>
  private let every: Int
  private let meter: DecayMeter
  private let log: CSVLog
  /// The curve that the figure shows: the top layer's, by c where the cell has it.
  private let shown: (layer: Int, path: DecayPath)
  package private(set) var measurements: [Measurement] = []

  package init(_ trainer: Trainer<Element>, every: Int, meter: DecayMeter, log: CSVLog) {
    self.trainer = trainer
    self.every = every
    self.meter = meter
    self.log = log
    shown = (
      trainer.model.configuration.layers - 1, trainer.model.cell.hasCellState ? .cell : .hidden
    )
    takeUp(log.resumedRows)
  }

  /// What the figure's norms are taken by: `h` or `c`.
  package var path: String { shown.path.rawValue }

  /// Measures the fresh model, where training has not begun.
  package func start() throws {
    if trainer.totals.updates == 0 { try measure(after: 0) }
  }

  package func didUpdate(_ record: UpdateRecord) throws {
    if record.update % every == 0 { try measure(after: record.update) }
  }

  package func finish() throws { try log.finish() }

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
      guard let rowStep = Int(row[0]), let norm = Double(row[4]) else { continue }
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
