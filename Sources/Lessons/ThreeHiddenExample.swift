import UnrollFeedForward
import UnrollFileFormats
import UnrollReports
import UnrollStudies
import UnrollText

/// Three hidden layers of 32 under a teacher: who learns, who stands still.
package enum ThreeHiddenExample {
  package static let updates = 200

  package static func report(seed: UInt64) -> DepthReport {
    let data = FeedForwardData.teacher(rows: 200, inputs: 16, seed: seed)
    let stacks = [
      FeedForwardSpecification(.sigmoid, .pytorch), FeedForwardSpecification(.relu, .he),
    ].map { specification in
      let stack = FeedForwardNetwork(specification, inputs: 16, width: 32, depth: 3, outputs: 2)
      var settings = FeedForwardTrainingSettings()
      settings.learningRate = 0.05
      settings.batch = 10
      let trainer = FeedForwardTrainer(
        stack, stack.initialParameters(seed: seed), on: data, settings: settings)
      let updates = trainer.run(updates)
      return MeasuredNetwork(label: specification.description, trainer, after: updates)
    }
    let moved = stacks.map { $0.layers.map { $0.relativeUpdate ?? .nan } }
    let ratios = moved.map { $0[0] / $0[2] }
    func lines(_ moved: [Double]) -> String {
      moved.map(NumberText.scientific).joined(separator: ", ")
    }
    return DepthReport(
      title: "Three hidden layers: who learns, who stands still",
      subtitle:
        "a teacher's two classes, 200 points of 16 numbers, width 32, η 0.05, 10 points an update, \(updates) updates, seed \(seed)",
      seed: seed, stacks: stacks,
      text:
        "Over the first \(updates) updates an update moves sigmoid layers 1, 2, 3 (PyTorch's own initialization) by "
        + "\(lines(moved[0])) of their weights: hidden 1 by \(NumberText.significant(ratios[0])) of "
        + "what hidden 3 moves. With ReLU and He's initialization it is \(lines(moved[1])): hidden 1 "
        + "by \(NumberText.significant(ratios[1])) of hidden 3. At the end the loss over all points is "
        + "\(NumberText.significant(stacks[0].loss)) with sigmoid, where guessing gives 0.6931, and "
        + "\(NumberText.significant(stacks[1].loss)) with ReLU.",
      facts: ["first_over_third": .array(ratios.map { .number($0) })],
      panels: [
        .init(
          title: "||ΔW_i||/||W_i|| of each update", plainTitle: "relative update",
          across: "update",
          lines: zip(["sigmoid", "relu"], stacks).flatMap { name, stack in
            (0..<3).map { layer in
              .init(
                label: "\(name), hidden \(layer + 1)",
                values: stack.updates.map { $0.relativeUpdates[layer] })
            }
          })
      ])
  }
}
