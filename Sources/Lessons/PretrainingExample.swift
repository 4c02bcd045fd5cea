import UnrollFeedForward
import UnrollFigures
import UnrollFileFormats
import UnrollOptimization
import UnrollReports
import UnrollStudies
import UnrollText

/// Greedy layer-wise pre-training against training end to end, from one random start.
package enum PretrainingExample {
  package static let depth = 6
  package static let pretraining = 500
  package static let updates = 3000

  package static func report(seed: UInt64) -> DepthReport {
    let data = FeedForwardData.twoSpirals(rows: 200, seed: seed)
    let stack = FeedForwardNetwork(
      FeedForwardSpecification(.sigmoid, .lecun), inputs: 2, width: 32, depth: depth, outputs: 2)
    var settings = FeedForwardTrainingSettings()
    settings.optimizer = .adam
    settings.learningRate = 0.01
    let pretrained = stack.initialParameters(seed: seed)
    let reconstruction = stack.pretrain(
      pretrained, on: data.inputs, steps: pretraining, settings: settings, seed: seed)
    var starts: [Double] = []
    let stacks = [
      ("end to end", stack.initialParameters(seed: seed)), ("pre-trained", pretrained),
    ].map { label, parameters in
      let start = stack.measure(parameters, on: data)
      starts.append(MeasuredNetwork(label: label, loss: start.loss, layers: start.layers).reach)
      var tuning = FeedForwardTrainingSettings()
      tuning.learningRate = 0.5
      let trainer = FeedForwardTrainer(stack, parameters, on: data, settings: tuning)
      let updates = trainer.run(updates)
      // The gradients are those before fine-tuning, the loss that after it.
      return MeasuredNetwork(
        label: label, loss: trainer.measure(after: updates).loss, layers: start.layers,
        updates: updates)
    }
    return DepthReport(
      title: "Layer-wise pre-training",
      subtitle:
        "two spirals, \(depth) sigmoid layers of 32, \(pretraining) updates a layer (Adam, η 0.01), "
        + "then \(NumberText.count(updates)) updates of the whole network (η 0.5), seed \(seed)",
      seed: seed, stacks: stacks,
      text: "From one random start, layer 1 receives "
        + "\(DepthReport.share(starts[0], of: "layer \(depth)'s gradient")); after each layer was trained to give its input back (last squared errors "
        + reconstruction.map(NumberText.scientific).joined(separator: ", ")
        + ") it receives \(DepthReport.share(starts[1], of: "layer \(depth)'s")). After \(updates) updates of the whole "
        + "the loss is \(NumberText.significant(stacks[0].loss)) end to end and "
        + "\(NumberText.significant(stacks[1].loss)) from the pre-trained weights (ln 2 = 0.6931 is "
        + "what guessing gives).",
      facts: [
        "reach": .array(starts.map { .number($0) }),
        "loss": .array(stacks.map { .number($0.loss) }),
        "reconstruction": .array(reconstruction.map { .number($0) }),
      ],
      panels: [DepthReport.gradientPanel(stacks), DepthReport.lossPanel(stacks)])
  }
}
