import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollStudies

extension Lesson {
  /// How far activations and gradients get through layers whose widths alternate, under four variances of
  /// the weights.
  public static let initializers = Lesson(
    "initializers", parameters: [.layers(50, in: 5...100), .width(256, in: 16...512)], seeds: 10,
    formulas: [
      "\\frac{std\\,∂ℓ/∂h_{i−1}}{std\\,∂ℓ/∂h_i} = \\sqrt{n_{out} Var(w) E[f′^2]}, \\quad "
        + "E[z^2] = n_{in} Var(w) E[h^2]",
      "Var(w):\\quad N(0,1): 1, \\quad 1/n: \\frac{1}{n_{in}}, \\quad "
        + "Xavier: \\frac{2}{n_{in} + n_{out}}, \\quad He: \\frac{2}{n_{in}}",
    ]
  ) { settings in
    let stack = AlternatingStack(layers: settings.count("layers"), width: settings.count("width"))
    let seeds = settings.seeds
    let kinds = AlternatingStack.initializers
    let functions = AlternatingStack.activations
    // A weight matrix serves all activations.
    let measured = try settings.map(seeds.count * kinds.count) { place in
      stack.measure(kinds[place % kinds.count].initializer, seed: seeds[place / kinds.count])
    }
    func runs(_ kind: Int, _ function: Int) -> [AlternatingStack.Outcome] {
      seeds.indices.map { measured[$0 * kinds.count + kind][function] }
    }
    var result = LessonResult()
    for (function, activation) in functions.enumerated() {
      for (kind, initializer) in kinds.enumerated() {
        // 5% at widths from 256 on: the formula takes sums of n terms for normal, which errs by about 1/n, and
        // a mean over some 50 layers and 10 seeds scatters by about 1/√(n·500).
        let logs = runs(kind, function).map(\.logFactor)
        result.checks.append(
          LessonCheck(
            "\(activation.name), \(initializer.name)",
            predicted: stack.predictedFactor(initializer.initializer, activation.activation),
            measured: exp(logs.reduce(0) { $0 + $1 / Double(logs.count) }), .relative(0.05)))
      }
      result.panels.append(
        LessonPanel(
          name: activation.name,
          lines: kinds.indices.map { kind in
            LessonLine(kinds[kind].name, over: runs(kind, function).map(\.gradients))
          }
            + kinds.indices.map { kind in
              LessonLine(
                "\(kinds[kind].name) h", over: runs(kind, function).map(\.outputs), mark: .points
              ).companion(of: kinds[kind].name)
            }, ceiling: 1e3))
    }
    func reach(_ kind: Int, _ function: Int) -> LessonValue {
      .ratio(runs(kind, function).map { $0.gradients[0] / ($0.gradients.last ?? .nan) }.median)
    }
    func spread(_ kind: Int, _ function: Int) -> LessonValue {
      .ratio(runs(kind, function).map { $0.outputs.last ?? .nan }.median)
    }
    for (function, activation) in functions.enumerated() {
      for (kind, initializer) in kinds.enumerated() {
        let name = "\(activation.name) \(initializer.name)"
        result.numbers["gradient \(name)"] = reach(kind, function)
        result.numbers["output \(name)"] = spread(kind, function)
      }
    }
    result.numbers["wide"] = .count(2 * stack.width)
    result.numbers["between"] = .count(stack.layers - 1)
    return result
  }
}

/// Layers of width N and 2N by turns, without biases, a gradient of standard deviation 1 at the top.
private struct AlternatingStack {
  struct Outcome {
    /// The standard deviation of h_i and of ∂ℓ/∂h_i over rows and units.
    let outputs: [Double]
    let gradients: [Double]
    /// The mean over inner layers of the logarithm of the factor of a layer.
    let logFactor: Double
  }

  static let initializers: [(name: String, initializer: Initializer)] = [
    ("N(0,1)", .normal(1)), ("1/n", .lecun), ("Xavier", .xavier), ("He", .he),
  ]
  static let activations: [(name: String, activation: Activation)] = [
    ("sigmoid", .sigmoid), ("tanh", .tanh), ("ReLU", .relu),
  ]
  static let rows = 32
  let layers: Int
  let width: Int

  /// N_1, N_2, …
  var widths: [Int] { (0..<layers).map { $0 % 2 == 0 ? width : 2 * width } }
  /// n_in of layer `index`; the input is as wide as an even layer.
  private func inputs(_ index: Int) -> Int { index == 0 ? 2 * width : widths[index - 1] }

  /// One outcome for each activation.
  func measure(_ initializer: Initializer, seed: UInt64) -> [Outcome] {
    let networks = Self.activations.map {
      FeedForwardNetwork(
        FeedForwardSpecification($0.activation, initializer), inputs: inputs(0), widths: widths)
    }
    let parameters = networks[0].initialParameters(seed: seed)
    let data = FeedForwardData.noise(
      rows: Self.rows, inputs: inputs(0), outputs: widths[layers - 1], seed: seed)
    return networks.map { network in
      let records = network.measure(parameters, on: data).layers
      let gradients = records.map { record in
        let squares = record.hiddenNorms.reduce(0) { $0 + $1 * $1 / Double(Self.rows) }
        return (squares / Double(widths[record.layer - 1])).squareRoot()
      }
      // By what the square of a gradient's element grows in each inner layer, a mean over rows.
      let logs = innerLayers.map { layer in
        let (below, above) = (records[layer - 2], records[layer - 1])
        let growths = zip(below.hiddenNorms, above.hiddenNorms).map { $0 * $0 / ($1 * $1) }
        let widths = Double(self.widths[layer - 1]) / Double(self.widths[layer - 2])
        return log(growths.reduce(0) { $0 + $1 / Double(Self.rows) } * widths) / 2
      }
      return Outcome(
        outputs: records.map(\.activationSpread), gradients: gradients,
        logFactor: logs.reduce(0) { $0 + $1 / Double(logs.count) })
    }
  }

  /// Layers i whose factor, from h_i to h_{i−1}, counts: all but the first and the last, an even number of
  /// them.
  private var innerLayers: ClosedRange<Int> { (layers % 2 == 0 ? 2 : 3)...layers - 1 }

  /// The geometric mean over inner layers of √(n_out·Var(w)·E[f′²]).
  func predictedFactor(_ initializer: Initializer, _ activation: Activation) -> Double {
    var square = 1.0
    var logs: [Double] = []
    for index in 0..<layers {
      let variance = Self.variance(initializer, inputs: inputs(index), outputs: widths[index])
      let layer = MeanFieldLayer(
        activation, inputs: inputs(index), weightVariance: variance, inputSquare: square)
      square = layer.outputSquare
      if innerLayers.contains(index + 1) {
        logs.append(log(Double(widths[index]) * variance * layer.slopeSquare) / 2)
      }
    }
    return exp(logs.reduce(0) { $0 + $1 / Double(logs.count) })
  }

  private static func variance(_ initializer: Initializer, inputs: Int, outputs: Int) -> Double {
    switch initializer {
    case .lecun: 1 / Double(inputs)
    case .xavier: 2 / Double(inputs + outputs)
    case .he: 2 / Double(inputs)
    default: 1
    }
  }
}
