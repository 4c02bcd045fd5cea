import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// A model's memory for B rows over a window of up to T steps, and the passes over it.
///
/// One worker owns one window. A pass runs `resetState` or carries the state on, then `forward` with the
/// loss, and `backward`; nothing is allocated in between.
///
/// The window's steps are passed in tiles. With a ``RecomputePlan``, only the tiles of one segment are
/// in memory, and states at some steps before it: `backward` runs what it needs forward again, to the
/// bit as it was.
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
  let tileBuffers: TileBuffers<Element>
  let outputs: SupervisedOutputs<Element>

  /// The steps of the last forward, as a range of the batch's, and whether they began a sequence.
  private(set) var steps = 0..<0
  private(set) var startsSequence = false
  /// The supervised steps of the last loss, as a range of the batch's.
  var supervised = 0..<0
  /// The steps of the window whose gates and states are in memory, at its start.
  private(set) var held = 0..<0

  /// Whether a window's states may be more than there is memory for at once.
  let recomputes: Bool
  /// Tiles of a segment.
  private let segmentTiles: Int
  private var schedule: ReversalSchedule
  /// The step after which the last forward kept the state for the next window.
  private var carried = 0

  /// - Parameter supervisedCapacity: the most supervised steps in a window, where fewer than all;
  ///   memory for outputs follows it.
  /// - Parameter loss: what outputs are judged by; nil for the target's own, ``TargetKind/loss``.
  /// - Parameter omega: α/B, what the sum of the vanishing-gradient regularizer Ω over steps, rows and
  ///   layers is multiplied by (`Regularizer.omega`); 0 leaves it out. For the `rnn` cell.
  /// - Parameter recompute: how states are kept where not all of a window's are; nil keeps all.
  public init(
    model: RecurrentModel, capacity: Int, rows: Int, supervisedCapacity: Int? = nil,
    loss: (any Loss)? = nil, omega: Double = 0, recompute: RecomputePlan? = nil
  ) {
    require(capacity >= 1 && rows >= 1, "expected at least 1 step and row")
    self.model = model
    self.rows = rows
    self.capacity = capacity
    let tileBuffers = TileBuffers<Element>(
      model: model, capacity: capacity, rows: rows, omega: omega)
    self.tileBuffers = tileBuffers
    recomputes = recompute != nil
    segmentTiles = tileBuffers.tiles(of: min(recompute?.segment ?? capacity, capacity))
    let checkpoints = recompute?.checkpoints ?? 1
    schedule = ReversalSchedule(places: checkpoints)
    let heldSteps = min(segmentTiles * tileBuffers.steps, capacity)
    layers = (0..<model.configuration.layers).map {
      LayerBuffers(
        model: model, layer: $0, capacity: heldSteps, rows: rows,
        tileRows: tileBuffers.steps * rows, kept: recompute == nil ? 0 : checkpoints + 1)
    }
    outputs = SupervisedOutputs(
      model, loss: loss, steps: min(supervisedCapacity ?? capacity, capacity),
      tileSteps: tileBuffers.steps, rows: rows, keepsAll: recompute == nil)
  }

  // MARK: State

  /// Sets the state to that of a new sequence: zero, or the learned initial state.
  @_specialize(where Element == Float)
  public func resetState(_ weights: PackedParameters<Element>) {
    for index in layers.indices { layers[index].resetState(weights.parameters) }
    startsSequence = true
  }

  /// Sets the state to the one that the rows of `batch` start from: ``Batch/initialState``, or without
  /// one that of a new sequence.
  ///
  /// - Precondition: a given state has a [B, H] matrix for each layer's h, and for each layer's c or none,
  ///   which is then zero.
  public func resetState(_ weights: PackedParameters<Element>, to batch: Batch<Element>) {
    resetState(weights)
    guard let given = batch.initialState else { return }
    let states = initialState
    require(
      given.count == states.count || given.count == layers.count,
      "expected \(states.count) matrices of initial states, got \(given.count)")
    for (state, start) in zip(states, given) { state.assign(start) }
    for state in states.dropFirst(given.count) { state.fill(0) }
    // The model's own initial state had no part in the forward pass, so it gets no gradient.
    startsSequence = false
  }

  /// Continues the sequence: the next forward starts from the state after `step` steps of the last one,
  /// after all of its steps when nil.
  ///
  /// - Precondition: with a ``RecomputePlan``, `step` is the last forward's `carrying`.
  public func carryState(after step: Int? = nil) {
    let step = step ?? steps.count
    startsSequence = false
    // The state that the window started from is where it was.
    if step == 0 { return }
    if recomputes {
      require(
        step == carried,
        "expected the state after the \(carried) steps that forward was asked to carry, got \(step)"
      )
      for index in layers.indices { layers[index].carry(fromKept: schedule.places) }
    } else {
      for index in layers.indices { layers[index].moveToFront(block: step) }
    }
  }

  /// The state the next forward starts from: h of each layer, then c of each layer [B, H].
  public var initialState: [Matrix<Element>] {
    layers.map(\.startHidden) + (model.cell.hasCellState ? layers.map(\.startCell) : [])
  }

  /// The state after `step` steps of the last forward: h of each layer, then c of each layer.
  ///
  /// - Precondition: with a ``RecomputePlan``, the state is in memory: in a backward pass, those before
  ///   and after the steps that an observer is shown.
  public func state(after step: Int) -> [Matrix<Element>] {
    require(
      !recomputes || held.lowerBound <= step && step <= held.upperBound,
      "expected a state in memory, after \(held.lowerBound) to \(held.upperBound) steps, got \(step)"
    )
    let block = step - held.lowerBound
    return layers.map { $0.hidden.block(block, height: rows) }
      + (model.cell.hasCellState ? layers.map { $0.cellState.block(block, height: rows) } : [])
  }

  /// ∂ℓ by the state before the window, in the order of ``initialState``; after `backward`.
  public var initialStateGradient: [Matrix<Element>] {
    layers.map(\.hiddenCarry) + (model.cell.hasCellState ? layers.map(\.cellCarry) : [])
  }

  // MARK: Forward

  /// Runs the cells over `steps` of `batch` from the present state.
  ///
  /// - Parameter carrying: the number of steps after which the next window is to start, for
  ///   ``carryState(after:)`` with a ``RecomputePlan``; nil for all of them.
  @_specialize(where Element == Float)
  public func forward(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>, steps: Range<Int>,
    carrying: Int? = nil
  ) {
    begin(batch, steps, carrying)
    supervised = 0..<0
    profile.time(.pass) { runForward(weights, batch) }
  }

  /// Runs the cells over `steps` of `batch` from the present state, and takes the loss as
  /// ``loss(_:_:over:scale:)`` does.
  ///
  /// - Parameter carrying: as in ``forward(_:_:steps:carrying:)``.
  @_specialize(where Element == Float)
  public func forward(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>, steps: Range<Int>,
    carrying: Int? = nil, lossOver range: Range<Int>, scale: Double
  ) -> LossSum {
    begin(batch, steps, carrying)
    return profile.time(.pass) {
      beginLoss(batch, range, scale)
      runForward(weights, batch)
      return outputs.sum
    }
  }

  private func begin(_ batch: Batch<Element>, _ steps: Range<Int>, _ carrying: Int?) {
    require(
      batch.shape.rows == rows && steps.count <= capacity
        && steps.upperBound <= batch.shape.timeSteps,
      "expected \(rows) rows and up to \(capacity) steps of \(batch.shape.timeSteps), got \(batch.shape.rows) rows, steps \(steps)"
    )
    self.steps = steps
    carried = carrying ?? steps.count
    require(
      0...steps.count ~= carried, "expected a state of \(steps.count) steps, got \(carried)")
  }

  private func runForward(_ weights: PackedParameters<Element>, _ batch: Batch<Element>) {
    schedule.restart()
    held = 0..<0
    let segments = (tileBuffers.tiles(of: steps.count) + segmentTiles - 1) / segmentTiles
    hold(segment: max(segments - 1, 0), weights, batch, isFirst: true)
  }

  /// Brings gates and states of the window's step `step` into memory.
  package func hold(
    step: Int, _ weights: PackedParameters<Element>, _ batch: Batch<Element>
  ) { hold(tile: step..<step + 1, weights, batch) }

  /// Brings the segment of tile `tile` into memory.
  func hold(tile: Range<Int>, _ weights: PackedParameters<Element>, _ batch: Batch<Element>) {
    if tile.lowerBound >= held.lowerBound && tile.upperBound <= held.upperBound { return }
    hold(
      segment: tile.lowerBound / (segmentTiles * tileBuffers.steps), weights, batch, isFirst: false)
  }

  /// Runs forward from the last state kept, so that gates and states of segment `target` are in memory,
  /// and keeps states on the way.
  ///
  /// - Parameter isFirst: whether the window is run for the first time, so that the loss is taken.
  private func hold(
    segment target: Int, _ weights: PackedParameters<Element>, _ batch: Batch<Element>,
    isFirst: Bool
  ) {
    var (place, segment) = schedule.lastKept(before: target)
    held = 0..<0
    if recomputes { for index in layers.indices { layers[index].takeUp(from: place) } }
    while segment < target {
      let stop = schedule.nextStop(from: segment, to: target)
      for number in segment * segmentTiles..<stop * segmentTiles {
        let tile = tile(number)
        run(tile, at: 0, weights, batch, isFirst: isFirst)
        for index in layers.indices { layers[index].moveToFront(block: tile.count) }
      }
      segment = stop
      guard segment < target, let free = schedule.keep(before: segment) else { continue }
      place = free
      for index in layers.indices { layers[index].keep(block: 0, at: place) }
    }
    let tiles = tileBuffers.tiles(of: steps.count)
    let first = target * segmentTiles
    let start = first * tileBuffers.steps
    for number in first..<min(first + segmentTiles, tiles) {
      let tile = tile(number)
      run(tile, at: tile.lowerBound - start, weights, batch, isFirst: isFirst)
    }
    held = start..<min(start + segmentTiles * tileBuffers.steps, steps.count)
  }

  /// Runs the window's steps `tile` through all layers.
  ///
  /// - Parameter place: the first one's in memory.
  private func run(
    _ tile: Range<Int>, at place: Int, _ weights: PackedParameters<Element>,
    _ batch: Batch<Element>, isFirst: Bool
  ) {
    let places = place..<place + tile.count
    for index in layers.indices {
      layers[index].forward(
        weights, input(of: index, batch, tile, at: places), tile: places, profile: profile)
    }
    guard isFirst else { return }
    formLoss(weights, batch, tile, at: place)
    guard recomputes, tile.lowerBound < carried, carried <= tile.upperBound else { return }
    let block = place + carried - tile.lowerBound
    for index in layers.indices { layers[index].keep(block: block, at: schedule.places) }
  }

  /// The window's steps in tile `number`.
  func tile(_ number: Int) -> Range<Int> {
    number * tileBuffers.steps..<min((number + 1) * tileBuffers.steps, steps.count)
  }

  /// - Parameter places: of the window's steps `tile` in memory.
  func input(
    of layer: Int, _ batch: Batch<Element>, _ tile: Range<Int>, at places: Range<Int>
  ) -> LayerInput<Element> {
    if layer > 0 {
      let states = (places.lowerBound + 1) * rows..<(places.upperBound + 1) * rows
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
  ///
  /// - Precondition: all of them are in memory.
  public var hidden: Matrix<Element> {
    requireWhole()
    return layers[layers.count - 1].hidden.rows(rows..<(steps.count + 1) * rows)
  }

  /// The top layer's hidden states after `count` steps from place `place` on in memory.
  func hidden(at place: Int, count: Int) -> Matrix<Element> {
    layers[layers.count - 1].hidden.rows((place + 1) * rows..<(place + 1 + count) * rows)
  }

  /// Requires all of the window's states to be in memory.
  func requireWhole(function: StaticString = #function) {
    require(
      held.count == steps.count,
      "expected all states of \(steps.count) steps in memory, got \(held.count)",
      function: function)
  }

  /// The readout of the last forward's step `step`, counted from the window's start, into `result`
  /// [B, O]; of a model that has one.
  ///
  /// - Precondition: all states are in memory.
  public func readout(
    _ weights: PackedParameters<Element>, step: Int, into result: Matrix<Element>
  ) {
    let parameters = weights.parameters
    result.fillRows(parameters["head.bias"])
    result.formProduct(
      hidden.block(step, height: rows), parameters["head.weight"], transposing: .right, adding: true
    )
  }

  // MARK: Kinks

  /// A hash of where all pre-activations lie among the cell's kinks; 0 for a cell without.
  ///
  /// - Precondition: all states are in memory.
  public var kinkPattern: UInt64 {
    let kinks = model.cell.kinks
    guard !kinks.isEmpty else { return 0 }
    requireWhole()
    var pattern = KinkPattern()
    for layer in layers { pattern.add(layer.gates.rows(0..<steps.count * rows), at: kinks) }
    return pattern.hash
  }
}
