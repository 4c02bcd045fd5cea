import UnrollDenseMath
import UnrollFeedForward
import UnrollFileFormats
import UnrollOptimization
import UnrollReports
import UnrollStudies
import UnrollText

/// Tanh layers under each initialization: activations and gradients that die, hold or saturate.
package enum InitializationsExample {
  package static let depth = 30

  package static func report(seed: UInt64) -> DepthReport {
    let data = FeedForwardData.noise(rows: 32, inputs: 128, outputs: 128, seed: seed)
    let initializers: [Initializer] = [
      .normal(0.01), .normal(1), .uniform(0.05), .pytorch, .lecun, .xavier, .he, .orthogonal,
    ]
    let stacks = initializers.map {
      MeasuredNetwork.fresh(
        FeedForwardSpecification(.tanh, $0), label: $0.description, inputs: 128, width: 128,
        depth: depth, data: data, seed: seed)
    }
    let list = stacks.map { stack in
      "\(stack.label) \(DepthReport.share(stack.reach)) (h spread "
        + "\(NumberText.scientific(stack.layers[depth - 1].activationSpread)), saturated "
        + "\(NumberText.percent(stack.layers[depth - 1].saturatedShare)))"
    }
    return DepthReport(
      title: "Initializations",
      subtitle: "\(depth) tanh layers of width 128, 32 random rows, seed \(seed)",
      seed: seed, stacks: stacks,
      text: "What layer 1 receives of layer \(depth)'s gradient, and how the last layer's units "
        + "stand: \(list.joined(separator: "; ")). Small weights let signal and gradient die, large "
        + "ones saturate the units while the product of large weights outruns their small "
        + "derivatives; a variance near 1/N keeps both.",
      facts: [
        "reach": .array(
          stacks.map { ["label": .string($0.label), "value": .number($0.reach)] }),
        "saturated": .array(
          stacks.map {
            [
              "label": .string($0.label),
              "value": .number($0.layers[depth - 1].saturatedShare),
            ]
          }),
      ],
      panels: [
        DepthReport.gradientPanel(stacks),
        .init(
          title: "standard deviation of h_i", plainTitle: "spread", across: "layer i",
          lines: stacks.map {
            .init(label: $0.label, values: $0.layers.map(\.activationSpread))
          }),
      ])
  }
}
