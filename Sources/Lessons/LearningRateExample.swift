import UnrollFeedForward
import UnrollFileFormats
import UnrollReports
import UnrollStudies
import UnrollText

/// One net under rates that are too low, right and too high, as seen in each layer's updates.
package enum LearningRateExample {
  package static let rates = [1e-5, 0.05, 50]
  package static let updates = 200

  package static func report(seed: UInt64) -> DepthReport {
    let data = FeedForwardData.twoSpirals(rows: 200, seed: seed)
    let stacks = rates.map { rate in
      let stack = FeedForwardNetwork(
        FeedForwardSpecification(.relu, .he), inputs: 2, width: 32, depth: 5, outputs: 2)
      var settings = FeedForwardTrainingSettings()
      settings.learningRate = rate
      let trainer = FeedForwardTrainer(
        stack, stack.initialParameters(seed: seed), on: data, settings: settings)
      let updates = trainer.run(updates)
      return MeasuredNetwork(label: "η \(rate.plainText)", trainer, after: updates)
    }
    let first = stacks.map { $0.updates.first?.relativeUpdates.max() ?? .nan }
    let losses = stacks.map(\.loss)
    let most = stacks.map { stack in
      (stack.updates.map(\.loss) + [stack.loss]).filter(\.isFinite).max() ?? .nan
    }
    let start = stacks[0].updates.first?.loss ?? .nan
    return DepthReport(
      title: "Learning rates",
      subtitle: "two spirals, 5 ReLU layers of 32, He, gradient descent, seed \(seed)", seed: seed,
      stacks: stacks,
      text: "From one start with loss \(NumberText.significant(start)). At η "
        + "\(rates[0].plainText) the first update moves the layer that moves most by "
        + "\(NumberText.scientific(first[0])) of its weights, and after \(updates) updates the loss is "
        + "\(NumberText.significant(losses[0])): it stands still. At η \(rates[1].plainText) it moves by "
        + "\(NumberText.scientific(first[1])) and the loss falls to "
        + "\(NumberText.significant(losses[1])). At η \(rates[2].plainText) the first update is "
        + "\(NumberText.significant(first[2])) times the weights themselves; the loss reaches "
        + "\(NumberText.significant(most[2]))"
        + (stacks[2].brokeOff
          ? ", and at update \(stacks[2].updates.count) it is no longer finite." : "."),
      facts: [
        "first_update": .array(first.map { .number($0) }),
        "loss": .array(losses.map { .number($0) }),
        "largest_loss": .array(most.map { .number($0) }), "start": .number(start),
      ],
      panels: [DepthReport.updatePanel(stacks), DepthReport.lossPanel(stacks)])
  }
}
