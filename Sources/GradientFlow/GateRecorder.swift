import Foundation
import UnrollRecurrentCells

/// Adds up the logarithms of the gates that carry the state, step by step in the backward pass.
final class GateRecorder: BackwardObserver {
  private let rows: MeasuredRows
  private let columns: Range<Int>
  private let path: DecayPath
  /// For each layer and row, the sum over the steps after this one, a mean over units.
  private var sums: [[Double]]
  /// For each layer and lag, the sums of the rows that reach it.
  private var logProducts: [[[Double]]]

  /// nil for a cell without such gates.
  init?(_ model: RecurrentModel, _ rows: MeasuredRows) {
    guard let gate = model.cell.carryGate else { return nil }
    let (hidden, layers) = (model.configuration.hidden, model.configuration.layers)
    self.rows = rows
    columns = gate * hidden..<(gate + 1) * hidden
    path = model.cell.hasCellState ? .cell : .hidden
    sums = Array(repeating: Array(repeating: 0, count: rows.batchRows), count: layers)
    logProducts = Array(repeating: Array(repeating: [], count: rows.lags), count: layers)
  }

  func observe(_ step: BackwardStep<Double>) {
    let gates = step.gates.columns(columns)
    for (row, lag) in rows.reaching(step.step) {
      logProducts[step.layer][lag].append(sums[step.layer][row])
      sums[step.layer][row] += DecayCurve.mean(gates.rows(row..<row + 1).values.map { log($0) })
    }
  }

  /// - Parameter curves: of the same pass.
  func curves(beside curves: [DecayCurve]) -> [GateCurve] {
    curves.filter { $0.path == path && $0.entry != .severalSteps }.map { curve in
      // Of a subnormal number the digits are those of rounding.
      let logs = curve.means.map {
        $0 > 0 && $0 < .leastNormalMagnitude ? .nan : log($0)
      }
      return GateCurve(
        layer: curve.layer, path: path, entry: curve.entry,
        logProducts: logProducts[curve.layer].map(DecayCurve.mean),
        logDecays: logs.map { $0 - (logs.first ?? 0) })
    }
  }
}
