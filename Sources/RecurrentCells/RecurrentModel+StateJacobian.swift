import DenseMath
import Optimisation

/// A row's state on either side of a step, with the gates that lead from one to the other.
public struct StateTransition {
  /// [1, P·H], as the cell's forward leaves them.
  public let gates: Matrix<Double>
  /// h_{t−1} and h_t, and c_{t−1} and c_t (h again for a cell without c) [1, H].
  public let hidden: (before: Matrix<Double>, after: Matrix<Double>)
  public let cell: (before: Matrix<Double>, after: Matrix<Double>)

  public init(
    gates: Matrix<Double>, hidden: (before: Matrix<Double>, after: Matrix<Double>),
    cell: (before: Matrix<Double>, after: Matrix<Double>)
  ) {
    self.gates = gates
    self.hidden = hidden
    self.cell = cell
  }
}

extension RecurrentModel {
  /// n: H, or 2H for a cell with a state (h, c).
  public var stateSize: Int { configuration.hidden * (cell.hasCellState ? 2 : 1) }

  /// ∂s_t/∂s_{t−1} [n, n] of one layer, its input held fixed; s is h, or h followed by c, taken as
  /// independent. One step of the cell's backward on the n identity covectors, as n rows.
  public func stateJacobian(
    _ transition: StateTransition, layer: Int, parameters: Parameters<Double>
  ) -> Matrix<Double> {
    let (size, hidden) = (stateSize, configuration.hidden)
    func repeated(_ row: Matrix<Double>) -> Matrix<Double> {
      let result = Matrix<Double>(rows: size, columns: row.columns)
      result.fillRows(row.copy())
      return result
    }
    func block() -> Matrix<Double> { Matrix(rows: size, columns: hidden) }
    let layout = layers[layer]
    let own = parameters.values.slice(layout.ownRange)
    let step = CellStep(
      recurrentWeight: parameters[layout.recurrentWeight], own: own,
      gates: repeated(transition.gates), previousHidden: repeated(transition.hidden.before),
      hidden: repeated(transition.hidden.after), previousCell: repeated(transition.cell.before),
      cell: repeated(transition.cell.after))
    let gradient = CellGradient<Double>(
      hidden: block(), cellCarry: block(), cell: block(),
      gates: Matrix(rows: size, columns: cell.blocks * hidden), previousHidden: block(),
      own: Matrix(rows: 1, columns: own.count))
    for index in 0..<hidden {
      gradient.hidden[index, index] = 1
      if cell.hasCellState { gradient.cellCarry[hidden + index, index] = 1 }
    }
    cell.backward(step, gradient)
    let result = Matrix<Double>(rows: size, columns: size)
    result.columns(0..<hidden).assign(gradient.previousHidden)
    if cell.hasCellState { result.columns(hidden..<size).assign(gradient.cellCarry) }
    return result
  }
}
