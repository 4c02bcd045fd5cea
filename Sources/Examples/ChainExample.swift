import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFileFormats
import UnrollOptimization
import UnrollReports
import UnrollStudies
import UnrollText

/// One input, four sigmoid units in a row, ½(ŷ − y)²: backpropagation with a pencil.
///
///     ∂L/∂h_1 = (ŷ − y) · Π_{i=2..4} σ′(z_i) w_i,   ∂L/∂b_1 = ∂L/∂h_1 · σ′(z_1)
package enum ChainExample {
  package static func report(seed: UInt64) -> DepthReport {
    let weights = [1.0, 1, 1, 1]
    let chain = Chain(weights: weights, biases: [0, 0, 0, 0], input: 1, target: 0)
    let measured = chain.measure(label: "sigmoid, w = 1, b = 0")
    let factors = chain.factors
    let product = factors.map(NumberText.significant).joined(separator: " · ")
    let first = measured.layers[0]
    return DepthReport(
      title: "A chain of four sigmoid units",
      subtitle: "x = 1, w = 1, b = 0, y = 0, loss ½(ŷ − y)²", seed: seed, stacks: [measured],
      text: "With w = 1 and b = 0 the input 1 becomes h = "
        + chain.outputs.map(NumberText.significant).joined(separator: ", ")
        + ". The gradient at the last unit is ŷ − y = "
        + "\(NumberText.significant(measured.norms[3])). In the backward pass each unit multiplies it by "
        + "σ′(z)·w = h(1 − h)·w, here \(product) for units 4, 3 and 2; no factor can exceed |w|/4. "
        + "So ∂L/∂h₁ = \(NumberText.significant(first.hiddenMean)), "
        + "\(DepthReport.share(measured.reach, of: "what the last unit gets")), and ∂L/∂b₁ = "
        + "\(NumberText.significant(first.biasNorm)).",
      facts: [
        "outputs": .array(chain.outputs.map { .number($0) }),
        "factors": .array(factors.map { .number($0) }),
        "hidden_gradient": .number(first.hiddenMean), "bias_gradient": .number(first.biasNorm),
      ])
  }
}

/// 1-1-1-1-1 with given weights.
package struct Chain {
  package let weights: [Double]
  package let biases: [Double]
  package let input: Double
  package let target: Double

  /// Through the module, as every other stack.
  package func measure(label: String) -> MeasuredNetwork {
    let stack = FeedForwardNetwork(.init(.sigmoid), inputs: 1, width: 1, depth: weights.count)
    let parameters = Parameters<Double>(stack.layout)
    for layer in weights.indices {
      parameters["layers.\(layer).weight"].fill(weights[layer])
      parameters["layers.\(layer).bias"].fill(biases[layer])
    }
    let data = FeedForwardData(
      inputs: Matrix(rows: 1, columns: 1, [input]),
      targets: .values(Matrix(rows: 1, columns: 1, [target]), scale: 0.5))
    let measured = stack.measure(parameters, on: data)
    return MeasuredNetwork(label: label, loss: measured.loss, layers: measured.layers)
  }

  /// h_1, h_2, ….
  package var outputs: [Double] {
    var (outputs, below) = ([Double](), input)
    for (weight, bias) in zip(weights, biases) {
      below = 1 / (1 + exp(-(weight * below + bias)))
      outputs.append(below)
    }
    return outputs
  }

  /// σ′(z_i)·w_i from the last unit to the second.
  package var factors: [Double] {
    zip(outputs, weights).dropFirst().map { $0 * (1 - $0) * $1 }.reversed()
  }
}
