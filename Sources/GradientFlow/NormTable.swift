import UnrollDenseMath
import UnrollRecurrentCells

/// The norms of a batch's gradients for each path, layer, lag and row. Threads may write different
/// rows at once.
final class NormTable: Sendable {
  let model: RecurrentModel
  let rows: MeasuredRows
  /// For each path and layer [lags, B].
  private let norms: [DecayPath: [Matrix<Double>]]

  init(_ model: RecurrentModel, _ rows: MeasuredRows) {
    self.model = model
    self.rows = rows
    norms = Dictionary(
      uniqueKeysWithValues: Self.paths(of: model.cell).map { path in
        let layers = 0..<model.configuration.layers
        return (path, layers.map { _ in Matrix(rows: rows.lags, columns: rows.batchRows) })
      })
  }

  /// A cell with a state c whose carry is not known has no path `state`.
  private static func paths(of cell: any Cell) -> [DecayPath] {
    [.hidden] + (cell.hasCellState ? [.cell] : [])
      + (cell.hasCellState && cell.carryGate == nil ? [] : [.state])
  }

  /// Writes down the norms at a step of the rows from `first` on; rows that end before it are left
  /// out.
  func record(_ values: [Double], from first: Int, _ path: DecayPath, layer: Int, step: Int) {
    guard let norms = norms[path]?[layer] else { return }
    for (index, value) in values.enumerated() {
      guard let lag = rows.lag(of: first + index, at: step) else { continue }
      norms[lag, first + index] = value
    }
  }

  /// Those of a layer.
  func curves(ofLayer layer: Int, _ entry: GradientEntry) -> [DecayCurve] {
    DecayPath.allCases.compactMap { path in
      norms[path].map {
        DecayCurve(layer: layer, path: path, norms: byLag($0[layer]), entry: entry)
      }
    }
  }

  /// Layer by layer, the curves of all that enters, then those of what enters last.
  ///
  /// - Parameter entry: how often gradient enters.
  static func curves(
    _ all: NormTable, _ entry: GradientEntry, enteringLast last: NormTable?
  ) -> [DecayCurve] {
    (0..<all.model.configuration.layers).flatMap { layer in
      all.curves(ofLayer: layer, entry)
        + (last?.curves(ofLayer: layer, .lastOfSeveral) ?? [])
    }
  }

  private func byLag(_ norms: Matrix<Double>) -> [[Double]] {
    (0..<rows.lags).map { lag in
      rows.lastSteps.prefix { $0.step >= lag }.map { norms[lag, $0.row] }
    }
  }
}
