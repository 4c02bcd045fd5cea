import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollText

extension Lesson {
  /// Batch normalization takes the scale of the weights out of the signal, and puts it into the step.
  public static let batchNorm = Lesson(
    "batch-norm", parameters: [.factors([1, 10, 100]), .layers(10, in: 2...50)], seeds: 5,
    formulas: [
      "BN(z) = \\frac{z − μ}{\\sqrt{σ^2 + ε}}, \\quad BN(cz) = BN(z) \\quad (ε = 0)",
      "\\frac{∂L}{∂x}(cw) = \\frac{∂L}{∂x}(w), \\quad c \\frac{∂L}{∂w}(cw) = \\frac{∂L}{∂w}(w), \\quad "
        + "\\frac{‖Δw‖}{‖w‖} ∝ \\frac{1}{c^2}",
    ]
  ) { settings in
    let (factors, layers) = (settings.list("factors"), settings.count("layers"))
    let names = factors.map { $0.plainText }
    let runs = try settings.overSeeds { seed in
      NormalizedWeights(layers: layers, seed: seed).run(factors: factors)
    }
    func median(_ value: (NormalizedWeights.Outcome) -> Double) -> Double {
      runs.map(value).median
    }
    let scaled = factors.indices.dropFirst()
    var result = LessonResult()
    // 1e-12: what ten layers of sums over 64 rows leave of 1e-16.
    result.checks = [
      LessonCheck(
        "mean", predicted: 0, measured: runs.map(\.mean).largest, .absolute(1e-12)),
      LessonCheck(
        "variance", predicted: 0, measured: runs.map { abs($0.variance - 1) }.largest,
        .absolute(1e-12)),
    ]
    for place in scaled {
      result.checks += [
        LessonCheck(
          "∂L/∂x, c = \(names[place])", predicted: 0,
          measured: runs.map { $0.inputDifferences[place] }.largest, .absolute(1e-12)),
        LessonCheck(
          "c·∂L/∂w, c = \(names[place])", predicted: 0,
          measured: runs.map { $0.weightDifferences[place] }.largest, .absolute(1e-12)),
      ]
    }
    // ε/2σ² is the first term of a series, and a mean over units whose variances differ.
    result.checks.append(
      LessonCheck(
        "epsilon", predicted: median { $0.law[$0.middle].predicted },
        measured: median { $0.law[$0.middle].measured }, .relative(0.2)))
    for place in scaled {
      let update = median { $0.relativeUpdates[place][0] }
      result.checks.append(
        LessonCheck(
          "‖Δw‖/‖w‖, c = \(names[place])", predicted: pow(factors[0] / factors[place], 2),
          measured: median { $0.relativeUpdates[place][0] / $0.relativeUpdates[0][0] },
          // A change is the difference of two weights, each rounded to 1e-16 of itself.
          .relative(1e-6 + 1e-16 / update)))
    }
    let ratios = runs[0].law.indices.map { place in runs.map { $0.law[place].ratio }.median }
    func reaches(_ norms: (NormalizedWeights.Outcome) -> [Double]) -> Double {
      median { norms($0)[0] / (norms($0).last ?? .nan) }
    }
    result.numbers = [
      "reach": .number(reaches { $0.norms[0] }),
      "plain-reaches": .numbers(
        factors.indices.map { place in reaches { $0.plainNorms[place] } }),
      "difference": .scientific(median { $0.law[$0.middle].measured }),
      "losses": .numbers(factors.indices.map { place in median { $0.losses[place].last ?? .nan } }),
      "start": .number(median { $0.losses[0][0] }), "updates": .count(NormalizedWeights.updates),
      "rate": .name(NormalizedWeights.rate.plainText),
    ]
    result.panels = [
      LessonPanel(
        name: "gradient", upright: "||∂ℓ/∂h_i||",
        lines: [LessonLine("normalized", over: runs.flatMap(\.norms))]
          + factors.indices.map { place in
            LessonLine("plain \(names[place])", over: runs.map { $0.plainNorms[place] })
          }),
      LessonPanel(
        name: "epsilon",
        lines: [
          LessonLine(
            "measured", over: runs.map { $0.law.map(\.measured) }, at: ratios, mark: .points),
          LessonLine(
            "predicted", points: ratios.map { Chart.Point(x: $0, y: $0 / 2) }),
        ], isLogarithmicAcross: true, isCounted: false),
      LessonPanel(
        name: "updates", upright: "||Δw_1||/||w_1||",
        lines: factors.indices.map { place in
          LessonLine("c = \(names[place])", over: runs.map { $0.relativeUpdates[place] })
        }),
    ]
    return result
  }
}

/// Networks that differ in the scale of their weights.
private struct NormalizedWeights {
  struct Outcome {
    /// Of BN's outputs at ε = 0: the largest |mean|, and the variance farthest from 1.
    var (mean, variance) = (0.0, 1.0)
    /// ‖∂ℓ/∂h_i‖ for each factor, with and without normalization.
    var (norms, plainNorms): ([[Double]], [[Double]]) = ([], [])
    /// How far gradients are from those of the first factor.
    var (inputDifferences, weightDifferences): ([Double], [Double]) = ([], [])
    /// What ε makes of the gradient of one layer, for weights of several sizes.
    var law: [(ratio: Double, predicted: Double, measured: Double)] = []
    /// Where in ``law`` ε/σ² is about 1e-3.
    var middle: Int {
      law.indices.min { abs(log10(law[$0].ratio) + 3) < abs(log10(law[$1].ratio) + 3) } ?? 0
    }
    /// Of each factor: the losses before updates, and ‖ΔW_1‖/‖W_1‖ of each.
    var losses: [[Double]] = []
    var relativeUpdates: [[Double]] = []
  }

  static let width = 32
  static let rows = 64
  static let updates = 200
  static let rate = 0.1
  let layers: Int
  let seed: UInt64

  /// - Parameter epsilon: nil without normalization.
  private func network(
    _ activation: Activation, layers: Int, epsilon: Double?, inputs: Int = width,
    outputs: Int? = nil
  ) -> FeedForwardNetwork {
    var layer = LayerSpecification(
      width: Self.width, .activation(activation),
      normalization: epsilon.map { .init(.beforeActivation, epsilon: $0) })
    layer.hasBias = false
    return FeedForwardNetwork(
      layers: Array(repeating: layer, count: layers), initializer: .lecun, inputs: inputs,
      outputs: outputs)
  }

  /// The initial parameters with the weights of all layers times `factor`.
  private func parameters(_ network: FeedForwardNetwork, times factor: Double) -> Parameters<Double>
  {
    let parameters = network.initialParameters(seed: seed)
    for layer in 0..<network.depth { parameters["layers.\(layer).weight"].scale(by: factor) }
    return parameters
  }

  private func backpropagate(
    _ network: FeedForwardNetwork, _ parameters: Parameters<Double>, _ data: FeedForwardData
  ) -> (pass: FeedForwardPass<Double>, gradient: Parameters<Double>) {
    let pass = FeedForwardPass<Double>(network, rows: data.rows)
    let gradient = Parameters<Double>(network.layout)
    pass.forward(parameters, data.inputs)
    _ = pass.loss(data.targets)
    pass.backward(parameters, into: gradient)
    return (pass, gradient)
  }

  private static func difference(_ first: Matrix<Double>, _ second: Matrix<Double>) -> Double {
    let difference = first.copy()
    difference.add(second, scale: -1)
    return difference.norm / first.norm
  }

  func run(factors: [Double]) -> Outcome {
    var outcome = Outcome()
    let noise = FeedForwardData.noise(
      rows: Self.rows, inputs: Self.width, outputs: Self.width, seed: seed)
    measureOutputs(on: noise, into: &outcome)
    let (normalized, plain) = (
      network(.tanh, layers: layers, epsilon: 0), network(.tanh, layers: layers, epsilon: nil)
    )
    var first: (inputs: Matrix<Double>, weights: Parameters<Double>)?
    for factor in factors {
      let parameters = parameters(normalized, times: factor)
      outcome.norms.append(normalized.measure(parameters, on: noise).layers.map(\.hiddenMean))
      outcome.plainNorms.append(
        plain.measure(self.parameters(plain, times: factor), on: noise).layers.map(\.hiddenMean))
      let (pass, gradient) = backpropagate(normalized, parameters, noise)
      for layer in 0..<layers {
        gradient["layers.\(layer).weight"].scale(by: factor / factors[0])
      }
      let reference = first ?? (pass.inputGradient.copy(), gradient)
      first = reference
      outcome.inputDifferences.append(Self.difference(reference.inputs, pass.inputGradient))
      outcome.weightDifferences.append(
        Self.difference(reference.weights.values, gradient.values))
      train(times: factor, into: &outcome)
    }
    outcome.law = law(on: noise)
    return outcome
  }

  /// Mean and variance of normalized values, unit by unit.
  private func measureOutputs(on data: FeedForwardData, into outcome: inout Outcome) {
    let network = network(.identity, layers: 1, epsilon: 0)
    let pass = backpropagate(network, parameters(network, times: 1), data).pass
    for (mean, variance) in Self.statistics(of: pass.hidden(1)) {
      outcome.mean = max(outcome.mean, abs(mean))
      if abs(variance - 1) > abs(outcome.variance - 1) { outcome.variance = variance }
    }
  }

  private static func statistics(of values: Matrix<Double>) -> [(mean: Double, variance: Double)] {
    let rows = Double(values.rows)
    return (0..<values.columns).map { unit in
      let column = (0..<values.rows).map { values[$0, unit] }
      let mean = column.reduce(0, +) / rows
      return (mean, column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / rows)
    }
  }

  /// How far ∂L/∂x of one linear layer at ε = 1e-5 is from that at ε = 0: 1/√(σ² + ε) is less than 1/σ by
  /// a share ε/2σ².
  private func law(
    on data: FeedForwardData
  ) -> [(ratio: Double, predicted: Double, measured: Double)] {
    let epsilon = 1e-5
    let plain = network(.identity, layers: 1, epsilon: nil)
    let networks = [0, epsilon].map { network(.identity, layers: 1, epsilon: $0) }
    return stride(from: -2.5, through: 1, by: 0.5).map { exponent in
      let scale = pow(10, exponent)
      let outputs = backpropagate(plain, parameters(plain, times: scale), data).pass.hidden(1)
      let variances = Self.statistics(of: outputs).map(\.variance)
      // Units have variances of their own: the root mean square of what each does.
      let squares = variances.reduce(0) { $0 + epsilon * epsilon / ($1 * $1) }
      let ratio = (squares / Double(variances.count)).squareRoot()
      let gradients = networks.map {
        backpropagate($0, parameters($0, times: scale), data).pass.inputGradient
      }
      return (ratio, ratio / 2, Self.difference(gradients[0], gradients[1]))
    }
  }

  private func train(times factor: Double, into outcome: inout Outcome) {
    let network = network(.tanh, layers: 3, epsilon: 0, inputs: 2, outputs: 2)
    let trainer = FeedForwardTrainer(
      network, parameters(network, times: factor), on: .twoSpirals(rows: 100, seed: seed),
      settings: .init(rate: Self.rate))
    let updates = trainer.run(Self.updates)
    outcome.losses.append(updates.map(\.loss))
    outcome.relativeUpdates.append(updates.map { $0.relativeUpdates[0] })
  }
}
