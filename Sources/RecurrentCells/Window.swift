import DenseMath
import Optimisation

/// A model's memory for B rows over a window of up to T steps, and the passes over it.
///
/// One worker owns one window. A pass runs `resetState` or carries the state on, then `forward`,
/// `loss`, and `backward`; nothing is allocated in between.
public final class Window<Element: Scalar>: @unchecked Sendable {
  public let model: RecurrentModel
  /// B.
  public let rows: Int
  /// The longest window it can hold.
  public let capacity: Int

  private let layers: [LayerBuffers<Element>]
  /// [T·B, O]: outputs of the supervised steps, then their gradients.
  private let outputs: Matrix<Element>
  /// [T·B, H]: ∂ℓ/∂h of the layer that backward is in.
  private let hiddenGradient: Matrix<Element>
  private let weights: Matrix<Element>
  private var losses: [Double]
  private var hits: [UInt8]

  /// The steps of the last forward, as a range of the batch's, and whether they began a sequence.
  private var steps = 0..<0
  private var startsSequence = false
  /// The supervised steps of the last loss, as a range of the batch's.
  private var supervised = 0..<0

  /// - Parameter supervisedCapacity: the most supervised steps in a window, where fewer than all;
  ///   memory for outputs follows it.
  public init(model: RecurrentModel, capacity: Int, rows: Int, supervisedCapacity: Int? = nil) {
    precondition(capacity >= 1 && rows >= 1, "expected at least 1 step and row")
    self.model = model
    self.rows = rows
    self.capacity = capacity
    layers = (0..<model.configuration.layers).map {
      LayerBuffers(model: model, layer: $0, steps: capacity, rows: rows)
    }
    let outputRows = min(supervisedCapacity ?? capacity, capacity) * rows
    outputs = Matrix(rows: outputRows, columns: model.configuration.target.width)
    hiddenGradient = Matrix(rows: capacity * rows, columns: model.configuration.hidden)
    weights = Matrix(rows: 1, columns: outputRows)
    losses = Array(repeating: 0, count: outputRows)
    hits = Array(repeating: 0, count: outputRows)
  }

  // MARK: State

  /// Starts sequences anew: state zero, or the learned initial state.
  public func resetState(_ parameters: Parameters<Element>) {
    for layer in layers { layer.resetState(parameters) }
    startsSequence = true
  }

  /// Makes the state after `step` steps of the last forward (default: all) the one to go on from.
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
    _ parameters: Parameters<Element>, _ batch: Batch<Element>, steps: Range<Int>
  ) {
    precondition(
      batch.shape.rows == rows && steps.count <= capacity && steps.upperBound <= batch.shape.steps,
      "expected \(rows) rows and up to \(capacity) steps of \(batch.shape.steps), got \(batch.shape.rows) rows, steps \(steps)"
    )
    self.steps = steps
    for index in layers.indices {
      layers[index].forward(parameters, input: input(of: index, batch), steps: steps.count)
    }
  }

  private func input(of layer: Int, _ batch: Batch<Element>) -> LayerBuffers<Element>.Input {
    let range = steps.lowerBound * rows..<steps.upperBound * rows
    if layer > 0 { return .values(layers[layer - 1].hidden.rows(rows..<(steps.count + 1) * rows)) }
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
  /// [B, O].
  public func readout(
    _ parameters: Parameters<Element>, step: Int, into result: Matrix<Element>
  ) {
    result.fillRows(parameters["head.bias"])
    result.formProduct(
      hidden.block(step, height: rows), parameters["head.weight"], transposing: .right, adding: true
    )
  }

  // MARK: Loss

  /// A loss over some targets.
  public struct LossSum: Sendable {
    /// The sum over targets with a weight, unscaled.
    public var loss = 0.0
    /// Right answers, and how many there were to give, over scored steps; classes only.
    public var hits = 0
    public var scored = 0

    public init() {}

    public static func += (sum: inout LossSum, other: LossSum) {
      sum.loss += other.loss
      sum.hits += other.hits
      sum.scored += other.scored
    }
  }

  /// The loss over the steps of the last forward that lie in `range` and are supervised; leaves the
  /// outputs' gradient, scaled by `scale`, for `backward`.
  public func loss(
    _ parameters: Parameters<Element>, _ batch: Batch<Element>, over range: Range<Int>,
    scale: Double
  ) -> LossSum {
    supervised = batch.shape.supervised.clamped(to: range).clamped(to: steps)
    guard !supervised.isEmpty else { return LossSum() }
    let count = supervised.count * rows
    let first = (supervised.lowerBound - batch.shape.supervised.lowerBound) * rows
    let outputs = self.outputs.rows(0..<count)
    let weights = self.weights.slice(0..<count)
    outputs.fillRows(parameters["head.bias"])
    outputs.formProduct(
      supervisedHidden, parameters["head.weight"], transposing: .right, adding: true)
    weights.assign(batch.weights.slice(first..<first + count))
    weights.scale(by: Element(scale))
    switch model.configuration.target {
    case .values:
      outputs.squaredError(
        targets: batch.targets.rows(first..<first + count), weights: weights, losses: &losses)
    case .classes:
      outputs.softmaxCrossEntropy(
        classes: batch.targetClasses[first..<first + count], weights: weights, losses: &losses,
        hits: &hits)
    }
    return sum(batch, weights)
  }

  private func sum(_ batch: Batch<Element>, _ weights: Matrix<Element>) -> LossSum {
    var sum = LossSum()
    for index in 0..<weights.count { sum.loss += losses[index] }
    guard case .classes = model.configuration.target else { return sum }
    let scored = batch.shape.scored.clamped(to: supervised)
    for step in scored {
      for index in (step - supervised.lowerBound) * rows..<(step + 1 - supervised.lowerBound) * rows
      where weights[0, index] != 0 {
        sum.hits += Int(hits[index])
        sum.scored += 1
      }
    }
    return sum
  }

  /// The hidden states under the last loss's outputs.
  private var supervisedHidden: Matrix<Element> {
    let start = supervised.lowerBound - steps.lowerBound
    return hidden.rows(start * rows..<(start + supervised.count) * rows)
  }

  // MARK: Backward

  /// Backpropagates the last loss through the window and adds to `gradients`.
  ///
  /// - Parameter inputGradient: set to ∂ℓ/∂x [T·B, I] where wanted.
  public func backward(
    _ parameters: Parameters<Element>, _ batch: Batch<Element>, into gradients: Parameters<Element>,
    inputGradient: Matrix<Element>? = nil, observer: (any BackwardObserver<Element>)? = nil
  ) {
    let incoming = hiddenGradient.rows(0..<steps.count * rows)
    incoming.fill(0)
    if !supervised.isEmpty {
      let outputGradient = outputs.rows(0..<supervised.count * rows)
      gradients["head.weight"].formProduct(
        outputGradient, supervisedHidden, transposing: .left, adding: true)
      gradients["head.bias"].addColumnSums(of: outputGradient)
      let start = supervised.lowerBound - steps.lowerBound
      incoming.rows(start * rows..<(start + supervised.count) * rows)
        .formProduct(outputGradient, parameters["head.weight"])
    }
    for index in layers.indices.reversed() {
      let layer = layers[index]
      layer.backward(
        parameters, input: input(of: index, batch), steps: steps.count, layer: index,
        hiddenGradient: incoming, gradients: gradients,
        inputGradient: index == 0 ? inputGradient : incoming, observer: observer)
      if startsSequence { layer.addInitialStateGradient(to: gradients) }
    }
  }

  // MARK: Kinks

  /// A hash of the signs of all pre-activations where the cell has a kink at 0, otherwise 0.
  public var kinkPattern: UInt64 {
    guard model.cell.hasKink else { return 0 }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for layer in layers {
      let gates = layer.gates.rows(0..<steps.count * rows)
      for row in 0..<gates.rows {
        for column in 0..<gates.columns {
          hash = (hash ^ (gates[row, column] > 0 ? 1 : 0)) &* 0x100_0000_01B3
        }
      }
    }
    return hash
  }
}
