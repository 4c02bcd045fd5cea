import UnrollDenseMath
import UnrollText

/// One row's state of one layer on either side of a step, with the gates that lead from one to the
/// other: all that the step's Jacobian depends on.
public struct StateTransition {
  /// [1, P·H], as the cell's forward leaves them.
  public let gates: Matrix<Double>
  /// h_{t−1} and h_t [1, H].
  public let hidden: (before: Matrix<Double>, after: Matrix<Double>)
  /// c_{t−1} and c_t [1, H]; h again for a cell without c.
  public let cell: (before: Matrix<Double>, after: Matrix<Double>)
}

extension SequenceWorkspace where Element == Double {
  /// What led row `row` of layer `layer` through step `step` of the last forward; views of the
  /// window's own memory.
  ///
  /// - Precondition: with a ``RecomputePlan``, the step is in memory.
  public func transition(layer: Int, step: Int, row: Int = 0) -> StateTransition {
    require(
      !recomputes || held.contains(step), "expected a step in memory, \(held), got \(step)")
    let buffers = layers[layer]
    let step = step - held.lowerBound
    func states(_ matrix: Matrix<Double>) -> (before: Matrix<Double>, after: Matrix<Double>) {
      let (before, after) = (step * rows + row, (step + 1) * rows + row)
      return (matrix.rows(before..<before + 1), matrix.rows(after..<after + 1))
    }
    let place = step * rows + row
    return StateTransition(
      gates: buffers.gates.rows(place..<place + 1), hidden: states(buffers.hidden),
      cell: states(buffers.cellState))
  }
}

extension RecurrentModel {
  /// n: H, or 2H for a cell with a state (h, c).
  public var stateSize: Int { configuration.hidden * (cell.hasCellState ? 2 : 1) }
}
