import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization

extension Lesson {
  /// One input, four sigmoid units in a row, ½(ŷ − y)²: backpropagation with a pencil.
  public static let chain = Lesson(
    "chain",
    parameters: [.weights([1, 1, 1, 1]), .biases([0, 0, 0, 0]), .x(1), .y(0)],
    formulas: [
      "\\frac{∂L}{∂h_1} = (ŷ − y) ∏_{i=2}^4 σ′(z_i) w_i, \\quad \\frac{∂L}{∂b_1} = \\frac{∂L}{∂h_1} σ′(z_1)",
      "σ′(z) = σ(z)(1 − σ(z)) ≤ \\frac{1}{4}",
      "|σ′(w x + b) w| ≤ \\frac{|w|}{4}",
    ]
  ) { settings in
    let chain = Chain(
      weights: settings.list("weights", count: 4), biases: settings.list("biases", count: 4),
      input: settings.number("x"), target: settings.number("y"))
    let layers = chain.measure()
    let (hidden, bias) = chain.gradients
    let slopes = Slopes(of: .sigmoid, from: -8, to: 8, count: 1601)
    let weights = (0...320).map { 4 + Double($0) / 20 }
    let widths = weights.map(Chain.interval)
    let widest = widths.indices.max { widths[$0] < widths[$1] } ?? 0
    let measuredWidth = Chain.measuredInterval(weight: weights[widest])
    return LessonResult(
      numbers: [
        "outputs": .numbers(chain.outputs), "factors": .product(chain.factors),
        "error": .number(chain.error), "hidden": .number(layers[0].hiddenMean),
        "bias-gradient": .number(layers[0].biasNorm),
        "share": .percent(layers[0].hiddenMean / layers[3].hiddenMean),
        "widest": .number(widths[widest]), "widest-weight": .number(weights[widest]),
      ],
      checks: [
        // Ten products and differences, each rounded to 1e-16.
        LessonCheck(
          "hidden", predicted: abs(hidden), measured: layers[0].hiddenMean, .relative(1e-14)),
        LessonCheck("bias", predicted: abs(bias), measured: layers[0].biasNorm, .relative(1e-14)),
        LessonCheck("largest", predicted: 0.25, measured: slopes.values.max() ?? 0, .atMost),
        // 1 − σ(4) loses two digits to the difference.
        LessonCheck(
          "four", predicted: exp(-4) / pow(1 + exp(-4), 2), measured: slopes.value(at: 4),
          .relative(1e-12)),
        LessonCheck(
          // The distance of two places, at either end.
          "interval", predicted: widths[widest], measured: measuredWidth,
          .absolute(2e-4 / weights[widest])),
      ],
      panels: [
        LessonPanel(
          name: "gradient", upright: "|∂L/∂h_i|",
          lines: [LessonLine("chain", values: layers.map(\.hiddenMean))]),
        LessonPanel(
          name: "slope", upright: "σ′(z)",
          lines: [
            LessonLine(
              "sigmoid", points: zip(slopes.places, slopes.values).map { .init(x: $0, y: $1) })
          ], levels: [("quarter", 0.25)], isLogarithmic: false, isCounted: false),
        LessonPanel(
          name: "interval",
          lines: [
            LessonLine("interval", points: zip(weights, widths).map { .init(x: $0, y: $1) })
          ], isLogarithmic: false, isCounted: false),
      ])
  }
}

/// 1-1-1-1-1 with given weights.
struct Chain {
  let weights: [Double]
  let biases: [Double]
  let input: Double
  let target: Double

  /// Each unit through the module that measures all other networks.
  func measure() -> [LayerRecord] {
    let network = FeedForwardNetwork(.init(.sigmoid), inputs: 1, width: 1, depth: weights.count)
    let parameters = Parameters<Double>(network.layout)
    for layer in weights.indices {
      parameters["layers.\(layer).weight"].fill(weights[layer])
      parameters["layers.\(layer).bias"].fill(biases[layer])
    }
    let data = FeedForwardData(
      inputs: Matrix(rows: 1, columns: 1, [input]),
      targets: .values(Matrix(rows: 1, columns: 1, [target]), scale: 0.5))
    return network.measure(parameters, on: data).layers
  }

  /// h_1, h_2, ….
  var outputs: [Double] {
    var (outputs, below) = ([Double](), input)
    for (weight, bias) in zip(weights, biases) {
      below = sigmoid(weight * below + bias)
      outputs.append(below)
    }
    return outputs
  }

  /// ŷ − y.
  var error: Double { (outputs.last ?? 0) - target }

  /// σ′(z_i)·w_i from the last unit to the second.
  var factors: [Double] {
    zip(outputs, weights).dropFirst().map { $0 * (1 - $0) * $1 }.reversed()
  }

  /// ∂L/∂h_1 and ∂L/∂b_1 by the formula.
  var gradients: (hidden: Double, bias: Double) {
    let hidden = factors.reduce(error, *)
    return (hidden, hidden * outputs[0] * (1 - outputs[0]))
  }

  /// The width of the interval of x in which |σ′(wx)·w| > 1: σ′ = σ(1 − σ) is 1/|w| at
  /// σ = (1 ± √(1 − 4/|w|))/2.
  static func interval(weight: Double) -> Double {
    guard abs(weight) > 4 else { return 0 }
    let high = (1 + (1 - 4 / abs(weight)).squareRoot()) / 2
    return 2 * log(high / (1 - high)) / abs(weight)
  }

  /// The same, from derivatives at a hundred thousand places.
  static func measuredInterval(weight: Double) -> Double {
    let slopes = Slopes(of: .sigmoid, from: -8, to: 8, count: 160_001)
    let step = 16.0 / 160_000 / abs(weight)
    return step * Double(slopes.values.count { $0 * abs(weight) > 1 })
  }
}
