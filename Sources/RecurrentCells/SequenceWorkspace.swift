import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// A model's memory for B rows over a window of up to T steps, and the passes over it.
///
/// One worker owns one window. A pass runs `resetState` or carries the state on, then `forward`,
/// `loss`, and `backward`; nothing is allocated in between.
public final class SequenceWorkspace<Element: Scalar> {
  /// The model that is run.
  public let model: RecurrentModel
  /// B.
  public let rows: Int
  /// The longest window it can hold.
  public let capacity: Int

  /// Set to measure where the time goes.
  public var profile: WorkspaceProfile?

  let layers: [LayerBuffers<Element>]
  private let tileBuffers: TileBuffers<Element>
  /// [T·B, O]: outputs of the supervised steps, then their gradients.
  private let outputs: Matrix<Element>
  private let rowWeights: Matrix<Element>
  private let lossFunction: any Loss
  private var rowLosses: RowLosses

  /// The steps of the last forward, as a range of the batch's, and whether they began a sequence.
  private var steps = 0..<0
  private var startsSequence = false
  /// The supervised steps of the last loss, as a range of the batch's.
  private var supervised = 0..<0

  /// - Parameter supervisedCapacity: the most supervised steps in a window, where fewer than all;
  ///   memory for outputs follows it.
  /// - Parameter loss: what outputs are judged by; nil for the target's own, ``TargetKind/loss``.
  /// - Parameter omega: α/B, what the sum of the vanishing-gradient regularizer Ω over steps, rows and
  ///   layers is multiplied by (`Regularizer.omega`); 0 leaves it out. For the `rnn` cell.
  public init(
    model: RecurrentModel, capacity: Int, rows: Int, supervisedCapacity: Int? = nil,
    loss: (any Loss)? = nil, omega: Double = 0
  ) {
    require(capacity >= 1 && rows >= 1, "expected at least 1 step and row")
    self.model = model
    self.rows = rows
    self.capacity = capacity
    let tileBuffers = TileBuffers<Element>(
      model: model, capacity: capacity, rows: rows, omega: omega)
    self.tileBuffers = tileBuffers
    layers = (0..<model.configuration.layers).map {
      LayerBuffers(
        model: model, layer: $0, capacity: capacity, rows: rows, tileRows: tileBuffers.steps * rows)
    }
    let outputRows = min(supervisedCapacity ?? capacity, capacity) * rows
    outputs = Matrix(rows: outputRows, columns: model.configuration.target.width)
    rowWeights = Matrix(rows: 1, columns: outputRows)
    let target = model.configuration.target
    lossFunction = loss ?? target.loss
    require(
      lossFunction.accepts(target), "expected a loss for \(target), got \(lossFunction.name)")
    rowLosses = RowLosses(rows: outputRows, countsHits: lossFunction.countsHits)
  }

  // MARK: State

  /// Sets the state to that of a new sequence: zero, or the learned initial state.
  public func resetState(_ weights: PackedParameters<Element>) {
    for layer in layers { layer.resetState(weights.parameters) }
    startsSequence = true
  }

  /// Continues the sequence: the next forward starts from the state after `step` steps of the last one,
  /// after all of its steps when nil.
  public func carryState(after step: Int? = nil) {
    let step = step ?? steps.count
    for layer in layers {
      layer.hidden.block(0, height: rows).assign(layer.hidden.block(step, height: rows))
      guard model.cell.hasCellState else { continue }
      layer.cellState.block(0, height: rows).assign(layer.cellState.block(step, height: rows))
    }
    startsSequence = false
  }

  /// The state the next forward starts from: h of each layer, then c of each layer [B, H].
  public var initialState: [Matrix<Element>] { state(after: 0) }

  /// The state after `step` steps of the last forward: h of each layer, then c of each layer.
  public func state(after step: Int) -> [Matrix<Element>] {
    layers.map { $0.hidden.block(step, height: rows) }
      + (model.cell.hasCellState ? layers.map { $0.cellState.block(step, height: rows) } : [])
  }

  /// ∂ℓ by the state before the window, in the order of ``initialState``; after `backward`.
  public var initialStateGradient: [Matrix<Element>] {
    layers.map(\.hiddenCarry) + (model.cell.hasCellState ? layers.map(\.cellCarry) : [])
  }

  // MARK: Forward

  /// Runs the cells over `steps` of `batch` from the present state.
  public func forward(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>, steps: Range<Int>
  ) {
    require(
      batch.shape.rows == rows && steps.count <= capacity
        && steps.upperBound <= batch.shape.timeSteps,
      "expected \(rows) rows and up to \(capacity) steps of \(batch.shape.timeSteps), got \(batch.shape.rows) rows, steps \(steps)"
    )
    self.steps = steps
    profile.time(.pass) {
      for number in 0..<tileBuffers.tiles(of: steps.count) {
        let tile = tile(number)
        for index in layers.indices {
          layers[index].forward(
            weights, input(of: index, batch, tile), tile: tile, profile: profile)
        }
      }
    }
  }

  /// The window's steps in tile `number`.
  private func tile(_ number: Int) -> Range<Int> {
    number * tileBuffers.steps..<min((number + 1) * tileBuffers.steps, steps.count)
  }

  private func input(
    of layer: Int, _ batch: Batch<Element>, _ tile: Range<Int>
  ) -> LayerInput<Element> {
    if layer > 0 {
      let states = (tile.lowerBound + 1) * rows..<(tile.upperBound + 1) * rows
      return .values(layers[layer - 1].hidden.rows(states))
    }
    let first = (steps.lowerBound + tile.lowerBound) * rows
    let range = first..<first + tile.count * rows
    return switch model.configuration.input {
    case .values: .values(batch.inputs.rows(range))
    case .classes: .classes(batch.inputClasses[range])
    }
  }

  /// The top layer's hidden states of the last forward [T·B, H].
  public var hidden: Matrix<Element> {
    layers[layers.count - 1].hidden.rows(rows..<(steps.count + 1) * rows)
  }

  /// The readout of the last forward's step `step`, counted from the window's start, into `result`
  /// [B, O]; of a model that has one.
  public func readout(
    _ weights: PackedParameters<Element>, step: Int, into result: Matrix<Element>
  ) {
    let parameters = weights.parameters
    result.fillRows(parameters["head.bias"])
    result.formProduct(
      hidden.block(step, height: rows), parameters["head.weight"], transposing: .right, adding: true
    )
  }

  // MARK: Loss

  /// The loss over the steps of the last forward that lie in `range` and are supervised; leaves the
  /// outputs' gradient, scaled by `scale`, for `backward`.
  public func loss(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>, over range: Range<Int>,
    scale: Double
  ) -> LossSum {
    profile.time(.pass) { formLoss(weights, batch, over: range, scale: scale) }
  }

  private func formLoss(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>, over range: Range<Int>,
    scale: Double
  ) -> LossSum {
    let parameters = weights.parameters
    supervised = batch.shape.supervised.clamped(to: range).clamped(to: steps)
    guard !supervised.isEmpty else { return LossSum() }
    let count = supervised.count * rows
    let first = (supervised.lowerBound - batch.shape.supervised.lowerBound) * rows
    let outputs = self.outputs.rows(0..<count)
    let rowWeights = self.rowWeights.slice(0..<count)
    outputs.fillRows(parameters["head.bias"])
    outputs.formProduct(
      supervisedHidden, parameters["head.weight"], transposing: .right, adding: true)
    rowWeights.assign(batch.lossMask.slice(first..<first + count))
    rowWeights.scale(by: Element(scale))
    rowLosses.reset(count)
    lossFunction.evaluate(
      outputs, against: targets(of: batch, first..<first + count), weights: rowWeights,
      into: &rowLosses)
    return sum(batch, rowWeights)
  }

  private func targets(of batch: Batch<Element>, _ rows: Range<Int>) -> LossTargets<Element> {
    switch model.configuration.target {
    case .values: .values(batch.targets.rows(rows))
    case .classes: .classes(batch.targetClasses[rows])
    }
  }

  private func sum(_ batch: Batch<Element>, _ rowWeights: Matrix<Element>) -> LossSum {
    var sum = LossSum()
    for index in 0..<rowWeights.count where rowWeights[0, index] != 0 {
      sum.loss += rowLosses.losses[index]
      sum.weightedLoss += Double(rowWeights[0, index]) * rowLosses.losses[index]
    }
    guard lossFunction.countsHits else { return sum }
    let scored = batch.shape.scored.clamped(to: supervised)
    for step in scored {
      for index in (step - supervised.lowerBound) * rows..<(step + 1 - supervised.lowerBound) * rows
      where rowWeights[0, index] != 0 {
        sum.hits += Int(rowLosses.hits[index])
        sum.scored += 1
      }
    }
    return sum
  }

  /// The hidden states under the last loss's outputs.
  private var supervisedHidden: Matrix<Element> { hidden.rows(places(of: supervised)) }

  /// The rows of the batch's steps `range` in matrices that start with the window.
  private func places(of range: Range<Int>) -> Range<Int> {
    let start = (range.lowerBound - steps.lowerBound) * rows
    return start..<start + range.count * rows
  }

  // MARK: Backward

  /// Backpropagates the last loss through the window. May be repeated.
  ///
  /// - Parameters:
  ///   - gradients: the parameters' gradients are added to it; nil where only `observer` needs the
  ///     pass.
  ///   - inputGradient: set to ∂ℓ/∂x [T·B, I]; nil where it is not wanted.
  ///   - clipper: clips the gradients by pre-activations at every step; nil for none.
  ///   - observer: is shown every step's gradients; nil for none.
  public func backward(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>,
    into gradients: Parameters<Element>?, inputGradient: Matrix<Element>? = nil,
    clipper: PreactivationClipper<Element>? = nil, observer: (any BackwardObserver<Element>)? = nil
  ) {
    profile.time(.pass) {
      formGradients(
        weights, batch, gradients, inputGradient: inputGradient, clipper: clipper,
        observer: observer)
    }
  }

  /// The vanishing-gradient regularizer's term over the last `backward`, whose gradients hold its
  /// own; 0 without one.
  public var vanishingGradientLoss: Double { tileBuffers.vanishingGradientTerm?.value ?? 0 }

  private func formGradients(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>,
    _ gradients: Parameters<Element>?, inputGradient: Matrix<Element>?,
    clipper: PreactivationClipper<Element>?, observer: (any BackwardObserver<Element>)?
  ) {
    for index in layers.indices { layers[index].startBackward() }
    tileBuffers.vanishingGradientTerm?.reset()
    let given = batch.stateGradients
    var end = steps.count
    while end > 0 {
      let tile = tile(endingAt: end, given)
      end = tile.lowerBound
      formOutputGradient(weights, tile, given?.outputs, gradients)
      for index in layers.indices.reversed() {
        given?.addFinal(
          layer: index, step: steps.lowerBound + tile.upperBound - 1,
          hidden: layers[index].hiddenCarry, cell: layers[index].cellCarry)
        layers[index].backward(
          weights, input(of: index, batch, tile), tile: tile, buffers: tileBuffers,
          gradients: gradients, clipper: clipper, observer: observer, profile: profile)
        let places = tile.lowerBound * rows..<tile.upperBound * rows
        let target =
          index == 0
          ? inputGradient?.rows(places)
          : tileBuffers.hiddenGradient.rows(rows..<(tile.count + 1) * rows)
        guard let target else { continue }
        profile.time(.inputGradients) {
          weights.layers[index].formInputGradient(
            tileBuffers.gateGradients.rows(0..<places.count), weights.parameters, into: target)
        }
      }
    }
    guard let gradients else { return }
    for index in layers.indices {
      layers[index].finishBackward(into: gradients)
      if startsSequence { layers[index].addInitialStateGradient(to: gradients) }
    }
  }

  /// The tile of the window's steps that ends before `end`; cut where a row ends inside it, so that
  /// its final states' gradients enter with what the tile behind hands over.
  private func tile(endingAt end: Int, _ given: StateGradients<Element>?) -> Range<Int> {
    let start = (end - 1) / tileBuffers.steps * tileBuffers.steps
    guard let given else { return start..<end }
    let first = steps.lowerBound
    return given.tileStart(from: first + start, to: first + end) - first..<end
  }

  /// Sets the tile's ∂ℓ/∂h to what the loss gives and what a batch has been `given` [T·B, H], and adds
  /// the readout's gradients.
  private func formOutputGradient(
    _ weights: PackedParameters<Element>, _ tile: Range<Int>, _ given: Matrix<Element>?,
    _ gradients: Parameters<Element>?
  ) {
    let incoming = tileBuffers.hiddenGradient.rows(rows..<(tile.count + 1) * rows)
    let range = steps.lowerBound + tile.lowerBound..<steps.lowerBound + tile.upperBound
    let supervised = self.supervised.clamped(to: range)
    if supervised != range { incoming.fill(0) }
    if !supervised.isEmpty {
      profile.time(.readout) {
        let first = (supervised.lowerBound - self.supervised.lowerBound) * rows
        let outputGradient = outputs.rows(first..<first + supervised.count * rows)
        if let gradients {
          gradients["head.weight"].formProduct(
            outputGradient, hidden.rows(places(of: supervised)), transposing: .left, adding: true)
          gradients["head.bias"].addColumnSums(of: outputGradient)
        }
        let start = (supervised.lowerBound - range.lowerBound) * rows
        incoming.rows(start..<start + outputGradient.rows)
          .formProduct(outputGradient, weights.parameters["head.weight"])
      }
    }
    if let given {
      incoming.addElements(of: given.rows(range.lowerBound * rows..<range.upperBound * rows))
    }
  }

  // MARK: Kinks

  /// A hash of the signs of all pre-activations where the cell has a kink at 0, otherwise 0.
  public var kinkPattern: UInt64 {
    guard model.cell.hasKink else { return 0 }
    var pattern = KinkPattern()
    for layer in layers { pattern.add(layer.gates.rows(0..<steps.count * rows)) }
    return pattern.hash
  }
}
