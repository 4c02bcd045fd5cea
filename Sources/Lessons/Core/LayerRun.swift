import Foundation
import UnrollFeedForward
import UnrollOptimization

/// A training of a network, seen layer by layer.
struct LayerRun: Sendable {
  /// The mean norm of the gradient at each layer's output before the training.
  let norms: [Double]
  /// The updates made at each look at the network: 0, then every so many.
  let places: [Double]
  /// The loss on all rows at each look; not a number once the training has broken off.
  let losses: [Double]
  /// How far each layer's weights have moved at each look, as a share of their length at the start.
  let moved: [[Double]]
  /// ‖ΔW_i‖/‖W_i‖ of each update, layer by layer.
  private let relativeUpdates: [[Double]]

  /// Trains `parameters` in place, and looks at the network after every `interval` updates, after `further`
  /// of them, and at the end.
  init(
    _ network: FeedForwardNetwork, _ parameters: Parameters<Double>, on data: FeedForwardData,
    _ settings: FeedForwardTrainingSettings, updates count: Int, lookingEvery interval: Int,
    andAfter further: Int? = nil
  ) {
    let start = parameters.copy()
    let trainer = FeedForwardTrainer(network, parameters, on: data, settings: settings)
    let pass = FeedForwardPass<Double>(network, rows: data.rows)
    func loss() -> Double {
      pass.forward(parameters, data.inputs)
      return pass.loss(data.targets)
    }
    norms = network.measure(parameters, on: data).layers.map(\.hiddenMean)
    var (places, losses, moved) = (
      [0.0], [loss()], [network.movedShares(of: parameters, from: start)]
    )
    var updates: [FeedForwardUpdate] = []
    let looks = Set(
      Array(stride(from: interval, to: count, by: interval)) + [further ?? count, count])
    for next in looks.sorted() {
      updates += trainer.run(next - Int(places[places.count - 1]))
      let brokeOff = updates.last.map { !$0.isFinite } ?? false
      places.append(Double(next))
      losses.append(brokeOff ? .nan : loss())
      moved.append(
        brokeOff
          ? Array(repeating: .nan, count: network.depth)
          : network.movedShares(of: parameters, from: start))
    }
    (self.places, self.losses, self.moved) = (places, losses, moved)
    relativeUpdates = updates.filter(\.isFinite).map(\.relativeUpdates)
  }

  /// The mean of ‖ΔW_i‖/‖W_i‖ over the first `count` updates, layer by layer.
  func updates(upTo count: Int = .max) -> [Double] {
    let made = relativeUpdates.prefix(count)
    return (made.first ?? []).indices.map { layer in
      made.reduce(0) { $0 + $1[layer] } / Double(made.count)
    }
  }

  /// The loss after the last update.
  var loss: Double { losses[losses.count - 1] }

  /// ‖∂L/∂h_1‖/‖∂L/∂h_D‖ before the training.
  var reach: Double { norms[0] / norms[norms.count - 1] }

  /// The place of the look after `updates` updates, or of the last one before it.
  func look(after updates: Int) -> Int {
    places.lastIndex { $0 <= Double(updates) } ?? 0
  }

  /// One layer's movement at each look.
  func moved(layer: Int) -> [Double] { moved.map { $0[layer] } }
}

extension FeedForwardTrainingSettings {
  /// Settings of a lesson: gradient descent, or another rule, on all rows.
  init(rate: Double, optimizer: OptimizerKind = .sgd, frozenLayers: Int = 0) {
    self.init()
    self.optimizer = optimizer
    self.frozenLayers = frozenLayers
    learningRate = rate
  }
}

extension FeedForwardData {
  /// The loss of a guess by the share of each class: the classes' entropy, in nats.
  var guessingLoss: Double {
    guard case .classes(let classes) = targets else { return .nan }
    return Dictionary(grouping: classes) { $0 }.values.reduce(0) { sum, rows in
      let share = Double(rows.count) / Double(classes.count)
      return sum - share * log(share)
    }
  }
}
