import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollFileFormats
import UnrollReports
import UnrollStudies
import UnrollText

/// Seven activations: their derivatives, and what is left of a gradient after thirty layers.
package enum ActivationsExample {
  package static let depth = 30
  package static let activations: [Activation] = [
    .identity, .sigmoid, .tanh, .relu, .leakyRelu(slope: 0.01), .prelu, .elu(alpha: 1),
  ]

  package static func report(seed: UInt64) -> DepthReport {
    let data = FeedForwardData.noise(rows: 32, inputs: 128, outputs: 128, seed: seed)
    let stacks = activations.map {
      MeasuredNetwork.fresh(
        FeedForwardSpecification($0, .lecun), label: $0.description, inputs: 128, width: 128,
        depth: depth, data: data, seed: seed)
    }
    let list = stacks.map { "\($0.label) \(NumberText.rate($0.factor))" }
    let sigmoid = derivative(of: .sigmoid).map(\.y).max() ?? .nan
    return DepthReport(
      title: "Seven activations",
      subtitle: "\(depth) layers of width 128, lecun (variance 1/N), 32 random rows, seed \(seed)",
      seed: seed, stacks: stacks,
      text: "Under one initialization of variance 1/N a layer passes of the gradient's norm: "
        + list.joined(separator: ", ")
        + ". The greatest derivative of a sigmoid is \(NumberText.significant(sigmoid)), of the others "
        + "1; ReLU loses the half of its units that are off, a factor √½, which is what He's "
        + "variance 2/N gives back.",
      facts: [
        "factors": .array(
          stacks.map { ["label": .string($0.label), "value": .number($0.factor)] }),
        "greatest_sigmoid_derivative": .number(sigmoid),
      ],
      panels: [
        .init(
          title: "f′(x)", plainTitle: "derivative", across: "x", isCounted: false,
          isLogarithmic: false,
          lines: activations.map { .init(label: $0.description, points: derivative(of: $0)) }),
        DepthReport.gradientPanel(stacks),
      ])
  }

  /// f′ from −4 to 4.
  package static func derivative(of activation: Activation) -> [(x: Double, y: Double)] {
    let places = (-200...200).map { Double($0) / 50 }
    func row() -> Matrix<Double> { Matrix(rows: 1, columns: places.count) }
    let (inputs, outputs, ones, slopes) = (row(), row(), row(), row())
    inputs.assign(places)
    ones.fill(1)
    outputs.apply(activation, slope: 0.25, to: inputs)
    slopes.applyDerivative(
      of: activation, slope: 0.25, preActivations: inputs, outputs: outputs, gradient: ones)
    return zip(places, slopes.values).map { ($0, $1) }
  }
}
