import UnrollDenseMath
import UnrollFeedForward
import UnrollFileFormats
import UnrollReports
import UnrollStudies
import UnrollText

/// A rate that is too large kills ReLUs, and they stay dead under a small one; units with a slope on
/// both sides come through.
package enum DyingReLUExample {
  package static let highRate = 5.0
  package static let lowRate = 0.01
  package static let updates = 30
  package static let recovery = 300

  package static func report(seed: UInt64) -> DepthReport {
    let data = FeedForwardData.twoSpirals(rows: 200, seed: seed)
    let activations: [Activation] = [.relu, .leakyRelu(slope: 0.1), .prelu, .elu(alpha: 1)]
    var stacks: [MeasuredNetwork] = []
    var shares: [[Double]] = []
    for activation in activations {
      let stack = FeedForwardNetwork(
        FeedForwardSpecification(activation, .he), inputs: 2, width: 32, depth: 3, outputs: 2)
      let parameters = stack.initialParameters(seed: seed)
      var (updates, dead) = ([FeedForwardUpdate](), [Double]())
      for (rate, count) in [(highRate, Self.updates), (lowRate, recovery)] {
        var settings = FeedForwardTrainingSettings()
        settings.learningRate = rate
        settings.clipping = .norm(1)
        let trainer = FeedForwardTrainer(stack, parameters, on: data, settings: settings)
        for _ in 0..<count {
          updates += trainer.run(1)
          dead.append(meanDeadShare(stack.measure(parameters, on: data).layers))
        }
      }
      let measured = stack.measure(parameters, on: data)
      stacks.append(
        MeasuredNetwork(
          label: activation.description, loss: measured.loss, layers: measured.layers,
          updates: updates))
      shares.append(dead)
    }
    let killed = shares.map { $0[Self.updates - 1] }
    let ended = shares.map { $0[$0.count - 1] }
    let others = zip(stacks, ended).dropFirst().map { "\($0.label) \(NumberText.percent($1))" }
    return DepthReport(
      title: "Dying ReLUs",
      subtitle:
        "two spirals, 3 layers of 32, He, η \(highRate.plainText) for \(updates) updates, then "
        + "η \(lowRate.plainText) for \(recovery), clipped at norm 1, seed \(seed)",
      seed: seed, stacks: stacks,
      text:
        "\(updates) updates at a rate of \(highRate.plainText) leave \(NumberText.percent(killed[0])) "
        + "of the ReLUs at 0 for every point of the data. Where a unit is 0 everywhere its weights have "
        + "no gradient: \(recovery) updates at \(lowRate.plainText) later it is "
        + "\(NumberText.percent(ended[0])). Units with a slope on both sides stay alive (dead: "
        + "\(others.joined(separator: ", "))). Losses at the end: "
        + stacks.map { "\($0.label) \(NumberText.significant($0.loss))" }.joined(separator: ", ")
        + ".",
      facts: [
        "killed": .array(killed.map { .number($0) }), "ended": .array(ended.map { .number($0) }),
      ],
      panels: [
        .init(
          title: "share of dead units", plainTitle: "share of dead units", across: "update",
          isLogarithmic: false,
          lines: zip(stacks, shares).map { .init(label: $0.label, values: $1) }),
        DepthReport.lossPanel(stacks),
      ])
  }

  private static func meanDeadShare(_ layers: [LayerRecord]) -> Double {
    layers.reduce(0) { $0 + $1.deadShare / Double(layers.count) }
  }
}
