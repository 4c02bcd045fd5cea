import DenseMath
import Foundation
import RecurrentCells

/// Writes down each row's gradient norms as backward goes by.
final class NormRecorder: BackwardObserver {
  private let rows: MeasuredRows
  private let cell: any Cell
  private let hidden: Int
  /// For each path and layer, the norms of the rows at each lag.
  private var norms: [DecayPath: [[[Double]]]]
  /// For each layer, the norms of what reaches c_t through c_{t+1}.
  private var carryNorms: [[Double]]

  init(_ model: RecurrentModel, _ rows: MeasuredRows) {
    self.rows = rows
    cell = model.cell
    hidden = model.configuration.hidden
    let layers = model.configuration.layers
    let empty = Array(repeating: Array(repeating: [Double](), count: rows.lags), count: layers)
    norms = [:]
    for path in Self.paths(of: cell) { norms[path] = empty }
    carryNorms = Array(repeating: Array(repeating: 0, count: rows.batchRows), count: layers)
  }

  /// A cell with a state c whose carry is not known has no path `state`.
  private static func paths(of cell: any Cell) -> [DecayPath] {
    [.hidden] + (cell.hasCellState ? [.cell] : [])
      + (cell.hasCellState && cell.carryGate == nil ? [] : [.state])
  }

  func observe(_ step: BackwardStep<Double>) {
    let hiddenNorms = rowNorms(step.hiddenGradient)
    record(hiddenNorms, .hidden, step)
    guard let gradient = step.cellGradient else { return record(hiddenNorms, .state, step) }
    record(rowNorms(gradient), .cell, step)
    guard let gate = cell.carryGate else { return }
    record(zip(hiddenNorms, carryNorms[step.layer]).map(hypot), .state, step)
    let carry = step.gates.columns(gate * hidden..<(gate + 1) * hidden).copy()
    carry.multiplyElements(by: gradient)
    carryNorms[step.layer] = rowNorms(carry)
  }

  private func rowNorms(_ matrix: Matrix<Double>) -> [Double] {
    var result = Array(repeating: 0.0, count: matrix.rows)
    matrix.rowNorms(into: &result)
    return result
  }

  private func record(_ values: [Double], _ path: DecayPath, _ step: BackwardStep<Double>) {
    for (row, lag) in rows.reaching(step.step) {
      norms[path]?[step.layer][lag].append(values[row])
    }
  }

  /// Layer by layer.
  var curves: [DecayCurve] {
    carryNorms.indices.flatMap { layer in
      DecayPath.allCases.compactMap { path in
        norms[path].map { DecayCurve(layer: layer, path: path, norms: $0[layer]) }
      }
    }
  }
}
