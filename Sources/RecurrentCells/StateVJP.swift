import UnrollDenseMath
import UnrollOptimization

/// Takes covectors of one layer's state back through a step: v ↦ v ∂s_t/∂s_{t−1}, as
/// backpropagation takes a gradient, the layer's input held fixed.
///
/// s is h, or h followed by c, taken as independent; n numbers. It is one step of the cell's
/// backward with the covectors as rows of a batch, so no cell needs code of its own. The memory is
/// kept: a step allocates nothing.
public final class StateVJP {
  private let cell: any Cell
  private let hidden: Int
  private let weight: Matrix<Double>
  private let extraParameters: Matrix<Double>
  /// Each with a row for each covector.
  private let gates: Matrix<Double>
  private let gateGradient: Matrix<Double>
  /// h_{t−1}, h_t, c_{t−1}, c_t.
  private let states: [Matrix<Double>]
  private let hiddenGradient: Matrix<Double>
  private let previousHidden: Matrix<Double>
  private let cellCarry: Matrix<Double>
  private let cellGradient: Matrix<Double>
  private let extraGradient: Matrix<Double>

  /// - Parameter covectors: how many are taken back at once, at most.
  public init(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, layer: Int, covectors: Int
  ) {
    let hidden = model.configuration.hidden
    let layout = model.layers[layer]
    self.hidden = hidden
    cell = model.cell
    weight = parameters[layout.recurrentWeight]
    extraParameters = parameters.values.slice(layout.extraRange)
    func block(_ columns: Int) -> Matrix<Double> { Matrix(rows: covectors, columns: columns) }
    gates = block(cell.blocks * hidden)
    gateGradient = block(cell.blocks * hidden)
    states = (0..<(cell.hasCellState ? 4 : 2)).map { _ in block(hidden) }
    hiddenGradient = block(hidden)
    previousHidden = block(hidden)
    cellCarry = block(hidden)
    cellGradient = block(hidden)
    extraGradient = Matrix(rows: 1, columns: extraParameters.count)
  }

  /// ‖W_hh‖_F.
  public var weightNorm: Double { weight.norm }

  /// Replaces each row v of `covectors` [m, n] by v ∂s_t/∂s_{t−1}.
  public func pullBack(_ covectors: Matrix<Double>, through transition: StateTransition) {
    let rows = 0..<covectors.rows
    func filled(_ matrix: Matrix<Double>, _ row: Matrix<Double>) -> Matrix<Double> {
      let result = matrix.rows(rows)
      result.fillRows(row)
      return result
    }
    let before = filled(states[0], transition.hidden.before)
    let after = filled(states[1], transition.hidden.after)
    let step = CellStep(
      recurrentWeight: weight, extraParameters: extraParameters,
      gates: filled(gates, transition.gates),
      previousHidden: before, hidden: after,
      previousCell: cell.hasCellState ? filled(states[2], transition.cell.before) : before,
      cell: cell.hasCellState ? filled(states[3], transition.cell.after) : after)
    let gradient = CellGradient(
      hidden: hiddenGradient.rows(rows), cellCarry: cellCarry.rows(rows),
      cell: cellGradient.rows(rows), gates: gateGradient.rows(rows),
      previousHidden: previousHidden.rows(rows), extraParameters: extraGradient)
    gradient.hidden.assign(covectors.columns(0..<hidden))
    gradient.previousHidden.fill(0)
    if cell.hasCellState {
      gradient.cellCarry.assign(covectors.columns(hidden..<2 * hidden))
    }
    cell.backward(step, gradient)
    covectors.columns(0..<hidden).assign(gradient.previousHidden)
    if cell.hasCellState {
      covectors.columns(hidden..<2 * hidden).assign(gradient.cellCarry)
    }
  }
}
