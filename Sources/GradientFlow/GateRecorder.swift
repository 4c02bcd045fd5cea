import Foundation
import UnrollDenseMath
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
  /// What each unit's own gates do.
  private var units: UnitGates

  /// nil for a cell without such gates.
  init?(_ model: RecurrentModel, _ rows: MeasuredRows) {
    guard let gate = model.cell.carryGate else { return nil }
    let (hidden, layers) = (model.configuration.hidden, model.configuration.layers)
    self.rows = rows
    columns = gate * hidden..<(gate + 1) * hidden
    path = model.cell.hasCellState ? .cell : .hidden
    sums = Array(repeating: Array(repeating: 0, count: rows.batchRows), count: layers)
    logProducts = Array(repeating: Array(repeating: [], count: rows.lags), count: layers)
    units = UnitGates(rows, layers: layers, hidden: hidden)
  }

  func observe(_ step: BackwardStep<Double>) {
    let layer = step.layer
    for (row, lag) in rows.reaching(step.step) {
      let gates = step.gates.columns(columns).rows(row..<row + 1).values
      let logs = gates.map { log($0) }
      logProducts[layer][lag].append(sums[layer][row])
      sums[layer][row] += DecayCurve.mean(logs)
      units.add(
        gates, logs, layer: layer, row: row, lag: lag,
        step.cellGradient ?? step.hiddenGradient)
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
      return GateCurve(
        layer: curve.layer, path: path, entry: curve.entry,
        logProducts: logProducts[curve.layer].map(DecayCurve.mean),
        logDecays: decays(curve.means),
        logCarried: decays(units.meanNorms(ofLayer: curve.layer)),
        unitGates: units.means(ofLayer: curve.layer))
    }
  }
}

/// The gradient at lag 0, let through the gates alone, each unit through its own; and each unit's gate.
private struct UnitGates {
  /// For each layer and row, that gradient, multiplied unit by unit by the gates of the steps after this one.
  private var carried: [[[Double]]]
  /// For each layer and lag, the norms of these of the rows that reach it.
  private var norms: [[[Double]]]
  /// For each layer and unit, the sum of the gate's logarithms over the rows and steps measured.
  private var sums: [[Double]]
  /// For each layer, the number of these.
  private var counts: [Int]

  init(_ rows: MeasuredRows, layers: Int, hidden: Int) {
    carried = Array(repeating: Array(repeating: [], count: rows.batchRows), count: layers)
    norms = Array(repeating: Array(repeating: [], count: rows.lags), count: layers)
    sums = Array(repeating: Array(repeating: 0, count: hidden), count: layers)
    counts = Array(repeating: 0, count: layers)
  }

  mutating func add(
    _ gates: [Double], _ logs: [Double], layer: Int, row: Int, lag: Int,
    _ gradient: Matrix<Double>
  ) {
    if lag == 0 { carried[layer][row] = gradient.rows(row..<row + 1).values }
    norms[layer][lag].append(carried[layer][row].reduce(0) { hypot($0, $1) })
    for unit in gates.indices {
      carried[layer][row][unit] *= gates[unit]
      sums[layer][unit] += logs[unit]
    }
    counts[layer] += 1
  }

  /// At each lag, the mean norm.
  func meanNorms(ofLayer layer: Int) -> [Double] { norms[layer].map(DecayCurve.mean) }

  /// Each unit's geometric mean.
  func means(ofLayer layer: Int) -> [Double] {
    sums[layer].map { exp($0 / Double(max(counts[layer], 1))) }
  }
}
