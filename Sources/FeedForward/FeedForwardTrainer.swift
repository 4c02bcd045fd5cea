import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// How a stack is trained.
public struct FeedForwardTrainingSettings: Sendable {
  /// The rule of an update.
  public var optimizer = OptimizerKind.sgd
  /// The constants of that rule.
  public var optimizerSettings = OptimizerSettings()
  /// η.
  public var learningRate = 0.1
  /// `state` has nothing to act on in a stack, and leaves the gradient alone.
  public var clipping = Clipping.none
  /// Terms that are added to the loss.
  public var penalty = Penalty()
  /// The rows of each update; nil takes all. Updates take the rows in order, and start over when fewer
  /// are left.
  public var batch: Int?
  /// Seeds what training draws: the slopes of ``Activation/rrelu``, anew for each update.
  public var seed: UInt64 = 1
  /// How many layers, from the input on, keep the parameters that they start with.
  public var frozenLayers = 0

  /// Gradient descent at a rate of 0.1 on all rows.
  public init() {}
}

/// One update of a stack.
public struct FeedForwardUpdate: Sendable {
  /// Before the update, penalties included.
  public let loss: Double
  /// The global norm of the gradient before clipping.
  public let norm: Double
  /// Whether clipping changed the gradient.
  public let clipped: Bool
  /// Whether the update overflowed the weights or the optimizer's state, and was undone.
  public let overflowed: Bool
  /// ‖ΔW_i‖/‖W_i‖ for each layer.
  public let relativeUpdates: [Double]

  /// Whether everything was finite; otherwise weights and optimizer state are as before. The norm of an
  /// update that overflowed stays in the history of `auto:p`.
  public var isFinite: Bool { loss.isFinite && norm.isFinite && !overflowed }
}

/// Trains a stack on the same rows again and again, and watches each layer's weights move.
public final class FeedForwardTrainer {
  /// The stack that is trained.
  public let stack: FeedForwardNetwork
  /// The parameters, changed in place.
  public let parameters: Parameters<Double>
  /// Batch normalization's running statistics, which follow the training.
  public let statistics: Parameters<Double>
  /// The rows trained on.
  public let data: FeedForwardData
  /// How the stack is trained.
  public let settings: FeedForwardTrainingSettings
  /// Updates made.
  public private(set) var steps = 0
  private let pass: FeedForwardPass<Double>
  private let gradient: Parameters<Double>
  private let before: Parameters<Double>
  private let stateBefore: [Matrix<Double>]
  private let frozen: [ParameterLayout.Entry]
  private let clipper: any Clipper<Double>
  private let optimizer: any Optimizer<Double>

  /// Trains `parameters` in place.
  public init(
    _ stack: FeedForwardNetwork, _ parameters: Parameters<Double>, on data: FeedForwardData,
    settings: FeedForwardTrainingSettings
  ) {
    if case .gradient = data.targets {
      requirementFailed("expected targets with a loss to train on, got a gradient")
    }
    self.stack = stack
    self.parameters = parameters
    self.data = data
    self.settings = settings
    statistics = stack.initialStatistics()
    frozen = stack.entries.prefix(settings.frozenLayers).flatMap(\.all)
    pass = FeedForwardPass(stack, rows: min(settings.batch ?? data.rows, data.rows))
    gradient = Parameters(stack.layout)
    before = Parameters(stack.layout)
    clipper = settings.clipping.makeClipper(for: stack.layout, chunk: stack.layout.count)
    optimizer = settings.optimizer.make(
      count: stack.layout.count, settings: settings.optimizerSettings)
    stateBefore = optimizer.state.map { $0.values.copy() }
  }

  /// Makes one update, unless the loss or the gradient is not finite, or the update overflows.
  public func step() -> FeedForwardUpdate {
    let batch = nextBatch
    pass.forward(
      parameters, batch.inputs, normalizingBy: .batch(following: statistics),
      drawingSlopesFrom: RandomNumbers(seed: settings.seed, 0x5109, UInt64(steps)))
    let loss = pass.loss(batch.targets) + settings.penalty.loss(of: parameters)
    pass.backward(parameters, into: gradient)
    settings.penalty.addGradient(of: parameters.values, to: gradient.values)
    for entry in frozen { gradient[entry].fill(0) }
    let outcome = clipper.apply(to: gradient.values, weights: parameters.values)
    func leftOut(overflowed: Bool) -> FeedForwardUpdate {
      FeedForwardUpdate(
        loss: loss, norm: outcome.norm, clipped: outcome.changed, overflowed: overflowed,
        relativeUpdates: Array(repeating: .nan, count: stack.depth))
    }
    guard loss.isFinite, outcome.norm.isFinite else { return leftOut(overflowed: false) }
    before.values.assign(parameters.values)
    for (saved, values) in zip(stateBefore, optimizer.state) { saved.assign(values.values) }
    optimizer.update(
      parameters.values, gradient: gradient.values, rate: settings.learningRate, step: steps + 1)
    // A decay of the weights moves them without a gradient.
    for entry in frozen { parameters[entry].assign(before[entry]) }
    guard parameters.values.isFinite, optimizer.state.allSatisfy({ $0.values.isFinite }) else {
      parameters.values.assign(before.values)
      for (saved, values) in zip(stateBefore, optimizer.state) { values.values.assign(saved) }
      return leftOut(overflowed: true)
    }
    steps += 1
    return FeedForwardUpdate(
      loss: loss, norm: outcome.norm, clipped: outcome.changed, overflowed: false,
      relativeUpdates: stack.entries.map { layer in
        let former = before[layer.weight]
        let size = former.norm
        former.scale(by: -1)
        former.addElements(of: parameters[layer.weight])
        return former.norm / size
      })
  }

  private var nextBatch: FeedForwardData {
    let start = steps % (data.rows / pass.rows) * pass.rows
    return data.rows(start..<start + pass.rows)
  }

  /// Makes up to `count` updates. Stops after an update that was not finite.
  public func run(_ count: Int, until isStopped: () -> Bool = { false }) -> [FeedForwardUpdate] {
    var updates: [FeedForwardUpdate] = []
    while updates.count < count, updates.last?.isFinite ?? true, !isStopped() {
      updates.append(step())
    }
    return updates
  }

  /// Every layer on all rows under the present weights, with the mean relative update over
  /// `updates`.
  public func measure(after updates: [FeedForwardUpdate]) -> (loss: Double, layers: [LayerRecord]) {
    var measured = stack.measure(parameters, on: data)
    let made = updates.filter(\.isFinite)
    guard !made.isEmpty else { return measured }
    for index in measured.layers.indices {
      measured.layers[index].relativeUpdate =
        made.reduce(0) { $0 + $1.relativeUpdates[index] } / Double(made.count)
    }
    return measured
  }
}
