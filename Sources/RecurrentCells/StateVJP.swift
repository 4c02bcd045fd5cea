import UnrollDenseMath
import UnrollOptimization

/// Multiplies covectors of one layer's state by the Jacobian of a step, v ↦ v ∂s_t/∂s_{t−1}: what
/// backpropagation does with a gradient, the layer's input held fixed.
///
/// s is h, or h followed by c, taken as independent: n numbers. One product is one backward step of
/// the cell, with the covectors as rows of a batch, so that it works for every cell. Memory is
/// allocated once, and a step allocates nothing.
public final class StateVJP {
  private let weights: PackedParameters<Double>
  private let layer: Int
  private let cell: any Cell
  private let hidden: Int
  /// One row for each covector; states and ∂ℓ/∂h have a block before and a block after the step.
  private let gates: Matrix<Double>
  private let gateGradient: Matrix<Double>
  private let hiddenStates: Matrix<Double>
  private let cellStates: Matrix<Double>
  private let hiddenGradient: Matrix<Double>
  private let cellCarry: Matrix<Double>
  private let cellGradient: Matrix<Double>
  private let scratch: Matrix<Double>
  private let extraGradient: Matrix<Double>

  /// - Parameters:
  ///   - weights: the model's parameters, kept and read at each step.
  ///   - covectors: the most covectors in a product.
  public init(_ weights: PackedParameters<Double>, layer: Int, covectors: Int) {
    let model = weights.model
    let hidden = model.configuration.hidden
    let width = model.cell.blocks * hidden
    self.weights = weights
    self.layer = layer
    self.hidden = hidden
    cell = model.cell
    gates = Matrix(rows: covectors, columns: width)
    gateGradient = Matrix(rows: covectors, columns: width)
    hiddenStates = Matrix(rows: 2 * covectors, columns: hidden)
    cellStates =
      cell.hasCellState ? Matrix(rows: 2 * covectors, columns: hidden) : hiddenStates
    hiddenGradient = Matrix(rows: 2 * covectors, columns: hidden)
    cellCarry = Matrix(rows: covectors, columns: hidden)
    cellGradient = Matrix(rows: covectors, columns: hidden)
    scratch = Matrix(rows: covectors, columns: hidden)
    extraGradient = Matrix(rows: 1, columns: model.layers[layer].extraRange.count)
  }

  /// ‖W_hh‖_F.
  public var weightNorm: Double { recurrentWeight.norm }

  private var layout: LayerLayout { weights.model.layers[layer] }
  private var recurrentWeight: Matrix<Double> { weights.parameters[layout.recurrentWeight] }

  /// Replaces each row v of `covectors` [m, n] by v ∂s_t/∂s_{t−1}; m may be 0.
  public func pullBack(_ covectors: Matrix<Double>, through transition: StateTransition) {
    let count = covectors.rows
    guard count > 0 else { return }
    let step = step(of: transition, rows: count)
    let gradient = CellRunGradient(
      steps: RecurrentStepGradients(
        weight: weights.layers[layer].recurrentBackward,
        hidden: hiddenGradient.rows(0..<2 * count), cellCarry: cellCarry.rows(0..<count),
        cell: cellGradient.rows(0..<count), gates: gateGradient.rows(0..<count)),
      extraParameters: layout.extraParameters(from: extraGradient),
      scratch: scratch.rows(0..<count)
    ).step(0)
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

  /// The step of `transition` as that of a batch of `rows` equal rows.
  private func step(of transition: StateTransition, rows: Int) -> CellStep<Double> {
    let step = CellRun(
      steps: RecurrentSteps(
        rows: rows, weight: weights.layers[layer].recurrentForward, gates: gates.rows(0..<rows),
        hidden: hiddenStates.rows(0..<2 * rows), cell: cellStates.rows(0..<2 * rows)),
      recurrentWeight: recurrentWeight,
      extraParameters: layout.extraParameters(in: weights.parameters.values)
    ).step(0)
    step.gates.fillRows(transition.gates)
    step.previousHidden.fillRows(transition.hidden.before)
    step.hidden.fillRows(transition.hidden.after)
    if cell.hasCellState {
      step.previousCell.fillRows(transition.cell.before)
      step.cell.fillRows(transition.cell.after)
    }
    return step
  }
}
