import UnrollDenseMath
import UnrollOptimization

/// One layer's memory over T steps, those of a window or of a segment of one, and the passes over its
/// tiles. Steps are counted from the first in memory.
///
/// States have one block of B rows more than there are steps: block 0 is the state before the first,
/// block t+1 the one after step t.
final class LayerBuffers<Element: Scalar> {
  let rows: Int
  private let cell: any Cell
  private let layer: Int
  private let layout: LayerLayout
  private let inputSplit: InputSplit
  private let recurrentSplit: RecurrentSplit
  /// [T·B, P·H]: pre-activations, then what the cell makes of them.
  let gates: Matrix<Element>
  /// [(T+1)·B, H].
  let hidden: Matrix<Element>
  let cellState: Matrix<Element>
  /// The states kept apart, where not all of a window's are in memory: those at checkpoints in time,
  /// then the one that the next window starts from [(C+1)·B, H]. No rows where all are.
  private let keptHidden: Matrix<Element>
  private let keptCell: Matrix<Element>
  /// ∂ℓ/∂h and ∂ℓ/∂c that one tile hands to the tile before it [B, H]; after backward, the gradients
  /// by the state before the window.
  let hiddenCarry: Matrix<Element>
  let cellCarry: Matrix<Element>
  private let inputWeightGradient: InputWeightGradient<Element>
  /// The sum of the gates' gradients over steps and rows [1, P·H].
  private let biasSum: Matrix<Element>
  /// Takes the gradients of the cell's extra parameters when no gradients are asked for.
  private let unusedExtraGradient: Matrix<Element>

  /// - Parameters:
  ///   - capacity: T.
  ///   - kept: C + 1, or 0.
  init(model: RecurrentModel, layer: Int, capacity: Int, rows: Int, tileRows: Int, kept: Int) {
    let hiddenSize = model.configuration.hidden
    let width = model.cell.blocks * hiddenSize
    self.rows = rows
    self.layer = layer
    cell = model.cell
    layout = model.layers[layer]
    inputSplit = InputSplit(cell, hidden: hiddenSize)
    recurrentSplit = RecurrentSplit(cell, hidden: hiddenSize)
    gates = Matrix(rows: capacity * rows, columns: width)
    hidden = Matrix(rows: (capacity + 1) * rows, columns: hiddenSize)
    cellState =
      cell.hasCellState ? Matrix(rows: (capacity + 1) * rows, columns: hiddenSize) : hidden
    keptHidden = Matrix(rows: kept * rows, columns: hiddenSize)
    keptCell = Matrix(rows: cell.hasCellState ? kept * rows : 0, columns: hiddenSize)
    hiddenCarry = Matrix(rows: rows, columns: hiddenSize)
    cellCarry = Matrix(rows: cell.hasCellState ? rows : 0, columns: hiddenSize)
    inputWeightGradient = InputWeightGradient(model: model, layer: layer, tileRows: tileRows)
    biasSum = Matrix(rows: 1, columns: width)
    unusedExtraGradient = Matrix(rows: 1, columns: layout.extraRange.count)
  }

  // MARK: Forward

  /// Runs the cell over the steps `tile`, whose input is `input`.
  func forward(
    _ weights: PackedParameters<Element>, _ input: LayerInput<Element>, tile: Range<Int>,
    profile: WorkspaceProfile?
  ) {
    let packed = weights.layers[layer]
    profile.time(.inputProduct) {
      packed.formInputProduct(of: input, into: gates.rows(places(tile)))
    }
    cell.forward(run(weights, tile, profile?.forward))
  }

  /// The rows of `steps` in matrices of T blocks.
  private func places(_ steps: Range<Int>) -> Range<Int> {
    steps.lowerBound * rows..<steps.upperBound * rows
  }

  private func run(
    _ weights: PackedParameters<Element>, _ tile: Range<Int>, _ profile: StepProfile?
  ) -> CellRun<Element> {
    let states = tile.lowerBound * rows..<(tile.upperBound + 1) * rows
    return CellRun(
      steps: RecurrentSteps(
        rows: rows, weight: weights.layers[layer].recurrentForward, gates: gates.rows(places(tile)),
        hidden: hidden.rows(states), cell: cellState.rows(states), profile: profile),
      recurrentWeight: weights.parameters[layout.recurrentWeight],
      extraParameters: layout.extraParameters(in: weights.parameters.values))
  }

  // MARK: Backward

  /// Begins the backward pass over a window. No gradient enters after the last step.
  func startBackward() {
    hiddenCarry.fill(0)
    cellCarry.fill(0)
    biasSum.fill(0)
    inputWeightGradient.reset()
  }

  /// Runs the steps `tile` backward and adds their share to the weights' gradients.
  ///
  /// - Parameters:
  ///   - first: the place in the window of the first step in memory.
  ///   - buffers: its blocks of ∂ℓ/∂h hold what comes from the loss and the layer above.
  ///   - gradients: nil where they are not wanted.
  ///   - clipper: clips at every step, so that the cell runs step by step.
  func backward(
    _ weights: PackedParameters<Element>, _ input: LayerInput<Element>, tile: Range<Int>,
    after first: Int, buffers: TileBuffers<Element>, gradients: Parameters<Element>?,
    clipper: PreactivationClipper<Element>?, observer: (any BackwardObserver<Element>)?,
    profile: WorkspaceProfile?
  ) {
    let hiddenGradient = buffers.hiddenGradient.rows(0..<(tile.count + 1) * rows)
    hiddenGradient.block(tile.count, height: rows).addElements(of: hiddenCarry)
    hiddenGradient.block(0, height: rows).fill(0)
    let run = run(weights, tile, profile?.backward)
    let gradient = CellRunGradient(
      steps: RecurrentStepGradients(
        weight: weights.layers[layer].recurrentBackward, hidden: hiddenGradient,
        cellCarry: cellCarry, cell: cellGradient(buffers, tile, isObserved: observer != nil),
        gates: buffers.gateGradients.rows(0..<tile.count * rows)),
      extraParameters: layout.extraParameters(
        from: gradients?.values.slice(layout.extraRange) ?? unusedExtraGradient),
      scratch: buffers.scratch, clipper: clipper)
    clipper == nil ? cell.backward(run, gradient) : cell.backwardStepByStep(run, gradient)
    hiddenCarry.assign(hiddenGradient.block(0, height: rows))
    if let observer { report(run, gradient, from: first + tile.lowerBound, to: observer) }
    guard let gradients else { return }
    buffers.vanishingGradientTerm?.add(
      rows: tile.count * rows, stateGradient: buffers.stateGradients,
      gateGradient: gradient.steps.gates, recurrentWeight: weights.layers[layer].recurrentBackward,
      to: gradients[layout.recurrentWeight])
    profile.time(.weightGradients) {
      addWeightGradients(gradient.steps.gates, input, tile, buffers, gradients)
    }
  }

  private func cellGradient(
    _ buffers: TileBuffers<Element>, _ tile: Range<Int>, isObserved: Bool
  ) -> Matrix<Element> {
    guard cell.hasCellState else { return buffers.cellGradient }
    return buffers.cellGradient.rows(0..<(isObserved ? tile.count : 1) * rows)
  }

  private func report(
    _ run: CellRun<Element>, _ gradient: CellRunGradient<Element>, from first: Int,
    to observer: any BackwardObserver<Element>
  ) {
    for step in (0..<run.count).reversed() {
      observer.observe(
        BackwardStep(
          layer: layer, step: first + step,
          hiddenGradient: gradient.step(step).hidden,
          cellGradient: cell.hasCellState
            ? gradient.steps.cell.block(step, height: rows) : nil,
          gates: run.step(step).gates, gateGradients: gradient.step(step).gates))
    }
  }

  private func addWeightGradients(
    _ deltas: Matrix<Element>, _ input: LayerInput<Element>, _ tile: Range<Int>,
    _ buffers: TileBuffers<Element>, _ gradients: Parameters<Element>
  ) {
    let recurrent = gradients[layout.recurrentWeight]
    for part in recurrentSplit.parts {
      buffers.packedHidden.assign(recurrentInput(part.input, tile))
      recurrent.rows(part.rows).formProduct(
        deltas.columns(part.rows), buffers.packedHidden, transposing: .left, adding: true)
    }
    inputWeightGradient.add(deltas, input, to: gradients[layout.inputWeight])
    biasSum.addColumnSums(of: deltas)
  }

  /// What rows of W_hh multiply in the steps `tile` [T·B, H].
  private func recurrentInput(_ input: RecurrentInput, _ tile: Range<Int>) -> Matrix<Element> {
    switch input {
    case .previousHidden, .unused: hidden.rows(places(tile))
    case .block(let index):
      gates.rows(places(tile)).columnBlock(index, width: hidden.columns)
    }
  }

  /// Ends the backward pass over a window: adds what was summed up to `gradients`.
  func finishBackward(into gradients: Parameters<Element>) {
    inputWeightGradient.finish(into: gradients[layout.inputWeight])
    let recurrentBias = gradients[layout.recurrentBias]
    recurrentBias.addElements(of: biasSum.columns(0..<recurrentBias.columns))
    for part in inputSplit.parts {
      gradients[layout.inputBias].columns(part.rows).addElements(of: biasSum.columns(part.columns))
    }
  }

  // MARK: States

  /// Elements of the states kept apart.
  var keptCount: Int { keptHidden.count + keptCell.count }

  /// The state that a window starts from [B, H]: block 0, or the first of the states kept apart.
  var startHidden: Matrix<Element> { (keptHidden.rows > 0 ? keptHidden : hidden).rows(0..<rows) }
  var startCell: Matrix<Element> { (keptCell.rows > 0 ? keptCell : cellState).rows(0..<rows) }

  /// Sets the state that a window starts from to the learned one, or to zero.
  func resetState(_ parameters: Parameters<Element>) {
    if let entry = layout.initialHidden {
      startHidden.fillRows(parameters[entry])
    } else {
      startHidden.fill(0)
    }
    guard cell.hasCellState else { return }
    if let entry = layout.initialCell {
      startCell.fillRows(parameters[entry])
    } else {
      startCell.fill(0)
    }
  }

  /// Sets the state that a window starts from, where states are kept apart, to the one in `place`.
  func carry(fromKept place: Int) { copy(kept, place, to: kept, 0) }

  /// Keeps the state of block `block` in `place`.
  func keep(block: Int, at place: Int) { copy(states, block, to: kept, place) }

  /// Sets block 0 to the state kept in `place`.
  func takeUp(from place: Int) { copy(kept, place, to: states, 0) }

  /// Sets block 0 to block `block`.
  func moveToFront(block: Int) { copy(states, block, to: states, 0) }

  private typealias States = (hidden: Matrix<Element>, cell: Matrix<Element>)
  private var states: States { (hidden, cellState) }
  private var kept: States { (keptHidden, keptCell) }

  /// Copies a state: block `block` of `source` to block `place` of `target`.
  private func copy(_ source: States, _ block: Int, to target: States, _ place: Int) {
    target.hidden.block(place, height: rows).assign(source.hidden.block(block, height: rows))
    guard cell.hasCellState else { return }
    target.cell.block(place, height: rows).assign(source.cell.block(block, height: rows))
  }

  /// Adds a learned initial state's gradient, after a backward pass over a window that began with it.
  func addInitialStateGradient(to gradients: Parameters<Element>) {
    if let entry = layout.initialHidden { gradients[entry].addColumnSums(of: hiddenCarry) }
    if let entry = layout.initialCell { gradients[entry].addColumnSums(of: cellCarry) }
  }
}
