import DenseMath
import Optimisation

/// One layer's memory over a window of up to T steps, and the passes over it.
///
/// States have one block of B rows more than there are steps: block 0 is the state before the
/// window, block t+1 the one after step t.
final class LayerBuffers<Element: Scalar> {
  let rows: Int
  private let cell: any Cell
  private let layout: LayerLayout
  /// [T·B, G·H]: pre-activations, then what the cell makes of them.
  let gates: Matrix<Element>
  private let gateGradients: Matrix<Element>
  /// [(T+1)·B, H].
  let hidden: Matrix<Element>
  let cellState: Matrix<Element>
  /// ∂ℓ/∂h and ∂ℓ/∂c on their way to the previous step [B, H]; after backward, by the state before
  /// the window.
  let hiddenCarry: Matrix<Element>
  let cellCarry: Matrix<Element>
  private let cellGradient: Matrix<Element>
  /// W_ihᵀ and its gradient [I, G·H], for class inputs, which read and write rows of it.
  private let embedding: Matrix<Element>?
  private let embeddingGradient: Matrix<Element>?
  private let biasSum: Matrix<Element>

  init(model: RecurrentModel, layer: Int, steps: Int, rows: Int) {
    let hiddenSize = model.configuration.hidden
    let units = model.cell.gates * hiddenSize
    self.rows = rows
    cell = model.cell
    layout = model.layers[layer]
    gates = Matrix(rows: steps * rows, columns: units)
    gateGradients = Matrix(rows: steps * rows, columns: units)
    hidden = Matrix(rows: (steps + 1) * rows, columns: hiddenSize)
    cellState = cell.hasCellState ? Matrix(rows: (steps + 1) * rows, columns: hiddenSize) : hidden
    hiddenCarry = Matrix(rows: rows, columns: hiddenSize)
    cellCarry = Matrix(rows: cell.hasCellState ? rows : 0, columns: hiddenSize)
    cellGradient = Matrix(rows: cell.hasCellState ? rows : 0, columns: hiddenSize)
    biasSum = Matrix(rows: 1, columns: units)
    if layer == 0, case .classes(let count) = model.configuration.input {
      embedding = Matrix(rows: count, columns: units)
      embeddingGradient = Matrix(rows: count, columns: units)
    } else {
      embedding = nil
      embeddingGradient = nil
    }
  }

  /// The input of a layer over a window.
  enum Input {
    /// [T·B, I].
    case values(Matrix<Element>)
    /// [T·B].
    case classes(ArraySlice<Int32>)
  }

  // MARK: Forward

  func forward(_ parameters: Parameters<Element>, input: Input, steps: Int) {
    let preActivations = gates.rows(0..<steps * rows)
    preActivations.fillRows(parameters[layout.inputBias], plus: parameters[layout.recurrentBias])
    switch input {
    case .values(let values):
      preActivations.formProduct(
        values, parameters[layout.inputWeight], transposing: .right, adding: true)
    case .classes(let classes):
      guard let embedding else { preconditionFailure("expected number inputs, got classes") }
      embedding.formTranspose(of: parameters[layout.inputWeight])
      preActivations.addRows(of: embedding, at: classes)
    }
    let weight = parameters[layout.recurrentWeight]
    let own = parameters.values.slice(layout.ownRange)
    for step in 0..<steps {
      cell.forward(cellStep(step, weight: weight, own: own))
    }
  }

  private func cellStep(
    _ step: Int, weight: Matrix<Element>, own: Matrix<Element>
  ) -> CellStep<Element> {
    CellStep(
      recurrentWeight: weight, own: own, gates: gates.block(step, height: rows),
      previousHidden: hidden.block(step, height: rows),
      hidden: hidden.block(step + 1, height: rows),
      previousCell: cellState.block(step, height: rows),
      cell: cellState.block(step + 1, height: rows))
  }

  // MARK: Backward

  /// Goes back over the window and adds the parameters' gradients to `gradients`.
  ///
  /// - Parameters:
  ///   - hiddenGradient: [T·B, H], ∂ℓ/∂h from the loss and the layer above; made complete step by
  ///     step.
  ///   - inputGradient: set to ∂ℓ/∂x [T·B, I] where wanted; may be `hiddenGradient` itself.
  func backward(
    _ parameters: Parameters<Element>, input: Input, steps: Int, layer: Int,
    hiddenGradient: Matrix<Element>, gradients: Parameters<Element>,
    inputGradient: Matrix<Element>?, observer: (any BackwardObserver<Element>)?
  ) {
    hiddenCarry.fill(0)
    cellCarry.fill(0)
    let weight = parameters[layout.recurrentWeight]
    let own = parameters.values.slice(layout.ownRange)
    let ownGradients = gradients.values.slice(layout.ownRange)
    for step in (0..<steps).reversed() {
      let total = hiddenGradient.block(step, height: rows)
      total.addElements(of: hiddenCarry)
      let forward = cellStep(step, weight: weight, own: own)
      let gradient = CellGradient(
        hidden: total, cellCarry: cellCarry, cell: cellGradient,
        gates: gateGradients.block(step, height: rows), previousHidden: hiddenCarry,
        own: ownGradients)
      cell.backward(forward, gradient)
      observer?.observe(
        BackwardStep(
          layer: layer, step: step, hiddenGradient: total,
          cellGradient: cell.hasCellState ? cellGradient : nil, gates: forward.gates,
          gateGradients: gradient.gates))
    }
    addWeightGradients(input: input, steps: steps, gradients: gradients)
    inputGradient?.formProduct(
      gateGradients.rows(0..<steps * rows), parameters[layout.inputWeight])
  }

  private func addWeightGradients(input: Input, steps: Int, gradients: Parameters<Element>) {
    let deltas = gateGradients.rows(0..<steps * rows)
    gradients[layout.recurrentWeight].formProduct(
      deltas, hidden.rows(0..<steps * rows), transposing: .left, adding: true)
    switch input {
    case .values(let values):
      gradients[layout.inputWeight].formProduct(deltas, values, transposing: .left, adding: true)
    case .classes(let classes):
      guard let embedding, let embeddingGradient else { return }
      embeddingGradient.fill(0)
      embeddingGradient.scatterAddRows(deltas, at: classes)
      // The transposed weights are not needed any more in this window: their memory holds the
      // gradient's transpose.
      let transposed = embedding.reshaped(rows: embedding.columns, columns: embedding.rows)
      transposed.formTranspose(of: embeddingGradient)
      gradients[layout.inputWeight].add(transposed)
    }
    biasSum.fill(0)
    biasSum.addColumnSums(of: deltas)
    gradients[layout.inputBias].add(biasSum)
    gradients[layout.recurrentBias].add(biasSum)
  }

  // MARK: Initial state

  /// Sets the state before the window to the learned one, or to zero.
  func resetState(_ parameters: Parameters<Element>) {
    let first = hidden.block(0, height: rows)
    if let entry = layout.initialHidden { first.fillRows(parameters[entry]) } else { first.fill(0) }
    guard cell.hasCellState else { return }
    let firstCell = cellState.block(0, height: rows)
    if let entry = layout.initialCell {
      firstCell.fillRows(parameters[entry])
    } else {
      firstCell.fill(0)
    }
  }

  /// Adds a learned initial state's gradient, after a backward over a window that began with it.
  func addInitialStateGradient(to gradients: Parameters<Element>) {
    if let entry = layout.initialHidden { gradients[entry].addColumnSums(of: hiddenCarry) }
    if let entry = layout.initialCell { gradients[entry].addColumnSums(of: cellCarry) }
  }
}
