import Foundation
import UnrollRecurrentCells

/// Adds up the logarithms of the gates that carry the state, step by step in the backward pass, and lets
/// the gradient at lag 0 through these gates alone.
final class GateRecorder: BackwardObserver {
  private let rows: MeasuredRows
  private let columns: Range<Int>
  private let path: DecayPath
  /// For each layer and row, the sum over the steps after this one, a mean over units.
  private var sums: [[Double]]
  /// For each layer and lag, the sums of the rows that reach it.
  private var logProducts: [[[Double]]]
  /// For each layer and row, the gradient at lag 0, multiplied unit by unit by the gates of the steps
  /// after this one.
  private var carried: [[[Double]]]
  /// For each layer and lag, the norms of these of the rows that reach it.
  private var carriedNorms: [[[Double]]]
  /// For each layer and unit, the sum of the gate's logarithms over the rows and steps measured, and their
  /// number.
  private var unitSums: [[Double]]
  private var unitCounts: [Int]

  /// nil for a cell without such gates.
  init?(_ model: RecurrentModel, _ rows: MeasuredRows) {
    guard let gate = model.cell.carryGate else { return nil }
    let (hidden, layers) = (model.configuration.hidden, model.configuration.layers)
    self.rows = rows
    columns = gate * hidden..<(gate + 1) * hidden
    path = model.cell.hasCellState ? .cell : .hidden
    sums = Array(repeating: Array(repeating: 0, count: rows.batchRows), count: layers)
    logProducts = Array(repeating: Array(repeating: [], count: rows.lags), count: layers)
    carried = Array(repeating: Array(repeating: [], count: rows.batchRows), count: layers)
    carriedNorms = logProducts
    unitSums = Array(repeating: Array(repeating: 0, count: hidden), count: layers)
    unitCounts = Array(repeating: 0, count: layers)
  }

  func observe(_ step: BackwardStep<Double>) {
    let (layer, gradient) = (step.layer, step.cellGradient ?? step.hiddenGradient)
    for (row, lag) in rows.reaching(step.step) {
      let gates = step.gates.columns(columns).rows(row..<row + 1).values
      let logs = gates.map { log($0) }
      logProducts[layer][lag].append(sums[layer][row])
      sums[layer][row] += DecayCurve.mean(logs)
      if lag == 0 { carried[layer][row] = gradient.rows(row..<row + 1).values }
      carriedNorms[layer][lag].append(carried[layer][row].reduce(0) { hypot($0, $1) })
      for unit in gates.indices {
        carried[layer][row][unit] *= gates[unit]
        unitSums[layer][unit] += logs[unit]
      }
      unitCounts[layer] += 1
    }
  }

  /// - Parameter curves: of the same pass.
  func curves(beside curves: [DecayCurve]) -> [GateCurve] {
    curves.filter { $0.path == path && $0.entry != .severalSteps }.map { curve in
      // Of a subnormal number the digits are those of rounding.
      func decays(_ norms: [Double]) -> [Double] {
        let logs = norms.map { $0 > 0 && $0 < .leastNormalMagnitude ? .nan : log($0) }
        return logs.map { $0 - (logs.first ?? 0) }
      }
      let count = Double(max(unitCounts[curve.layer], 1))
      return GateCurve(
        layer: curve.layer, path: path, entry: curve.entry,
        logProducts: logProducts[curve.layer].map(DecayCurve.mean),
        logDecays: decays(curve.means),
        logCarried: decays(carriedNorms[curve.layer].map(DecayCurve.mean)),
        unitGates: unitSums[curve.layer].map { exp($0 / count) })
    }
  }
}
