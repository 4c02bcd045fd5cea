import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollStudies

extension Lesson {
  /// A hundred sigmoid layers, before and during training, and the same network cut to twenty.
  public static let hundred = Lesson(
    "hundred", parameters: [.layers(100, in: 40...150)], seeds: 10,
    formulas: [
      "\\frac{‖∂L/∂h_{i−1}‖}{‖∂L/∂h_i‖} ≈ r = σ_w \\sqrt{N E[σ′(z)^2]}, \\quad r^{20} ≈ 0.01"
    ]
  ) { settings in
    let layers = settings.count("layers")
    let top = Hundred.top
    let runs = try settings.overSeeds { Hundred(seed: $0, layers: layers) }
    func median(_ value: (Hundred) -> Double) -> Double { runs.map(value).median }
    let predicted = Hundred.predictedFactor
    let guess = median(\.guess)
    let places = runs[0].deep.places
    let (whole, cut) = (median(\.deep.loss), median(\.cut.loss))
    let (adamWhole, adamCut) = (median(\.deepAdam.loss), median(\.cutAdam.loss))
    return LessonResult(
      numbers: [
        "top": .count(top), "lower": .count(layers - top), "updates": .count(Hundred.updates),
        "predicted": .number(predicted), "factor": .number(median(\.factor)),
        "below": .percent(median(\.shareBelow)), "first": .scientific(median(\.deep.reach)),
        "movement": .percent(median(\.movementOfTop)), "guess": .number(guess),
        "loss": .number(whole), "cut-loss": .number(cut),
        "adam": .number(adamWhole), "adam-cut": .number(adamCut),
        "adam-share": .percent(median { $0.adamMovement(below: layers - top) }),
        "moved-first": .scientific(median { $0.moved(layer: 1) }),
        "moved-last": .scientific(median { $0.moved(layer: layers) }),
        "difference-top": .scientific(
          median { $0.differences[layers - top - 1] / $0.differences[0] }),
      ],
      checks: [
        // As wide as in the lesson on initializers, of layers of 64 units: 5%.
        LessonCheck("factor", predicted: predicted, measured: median(\.factor), .relative(0.05)),
        LessonCheck("below", predicted: 0.01, measured: median(\.shareBelow), .atMost),
        // The share is 1 − r²⁰ of gradients; movements also differ by the layers' inputs.
        LessonCheck(
          "movement", predicted: 1 - pow(predicted, Double(top)), measured: median(\.movementOfTop),
          .absolute(0.02)),
        LessonCheck(
          "forward", predicted: predicted, measured: median(\.forwardFactor), .relative(0.05)),
        // A hundredth of a nat: less than one row of 64 that is told apart.
        LessonCheck("cut", predicted: cut, measured: whole, .absolute(0.01)),
        LessonCheck("guess", predicted: guess, measured: whole, .absolute(0.01)),
      ],
      panels: [
        LessonPanel(
          name: "gradient",
          lines: [
            LessonLine(
              "gradient",
              over: runs.map { run in run.deep.norms.map { $0 / run.deep.norms[layers - 1] } }),
            LessonLine(
              "difference",
              over: runs.map { run in run.differences.map { $0 / run.differences[0] } }),
          ], levels: [("percent", 0.01)]),
        LessonPanel(
          name: "moved", upright: "||W_i − W_i^0|| / ||W_i^0||",
          lines: [
            LessonLine("sgd", over: runs.map { $0.deep.moved[$0.deep.moved.count - 1] }),
            LessonLine("adam", over: runs.map { $0.deepAdam.moved[$0.deepAdam.moved.count - 1] }),
          ]),
        LessonPanel(
          name: "loss",
          lines: [
            LessonLine("sgd", over: runs.map(\.deep.losses), at: places),
            LessonLine("sgd, cut", over: runs.map(\.cut.losses), at: places),
            LessonLine("adam", over: runs.map(\.deepAdam.losses), at: places),
            LessonLine("adam, cut", over: runs.map(\.cutAdam.losses), at: places),
          ], levels: [("guess", guess)], isLogarithmic: false),
      ],
      findings: [
        "finding", adamCut < guess / 2 && adamWhole > 0.9 * guess ? "finding adam" : "finding both",
      ])
  }
}

/// One seed's runs: random rows of two classes, one of them rarer.
struct Hundred: Sendable {
  static let (top, width, rows, updates) = (20, 64, 64, 120)
  /// σ_w: a factor of about 0.79 a layer, whose 20th power is 1%.
  static let deviation = 0.5524 * 2.0.squareRoot()

  let deep, cut, deepAdam, cutAdam: LayerRun
  let guess: Double
  /// The distance of the outputs of neighboring rows, layer by layer.
  let differences: [Double]

  init(seed: UInt64, layers: Int) {
    let data = Self.data(seed: seed)
    let specification = FeedForwardSpecification(.sigmoid, .normal(Self.deviation))
    func network(_ depth: Int) -> FeedForwardNetwork {
      FeedForwardNetwork(
        specification, inputs: Self.width, width: Self.width, depth: depth, outputs: 2)
    }
    func start(_ network: FeedForwardNetwork) -> Parameters<Double> {
      let parameters = network.initialParameters(seed: seed)
      // The readout's own scale: 1/√N.
      parameters["head.weight"].scale(by: 1 / (Self.deviation * Double(Self.width).squareRoot()))
      return parameters
    }
    func run(_ depth: Int, _ settings: FeedForwardTrainingSettings) -> LayerRun {
      let network = network(depth)
      return LayerRun(
        network, start(network), on: data, settings, updates: Self.updates, lookingEvery: 4)
    }
    deep = run(layers, .init(rate: 0.1))
    cut = run(Self.top, .init(rate: 0.1))
    deepAdam = run(layers, .init(rate: 0.003, optimizer: .adam))
    cutAdam = run(Self.top, .init(rate: 0.003, optimizer: .adam))
    guess = data.guessingLoss
    let whole = network(layers)
    let pass = FeedForwardPass<Double>(whole, rows: Self.rows)
    pass.forward(start(whole), data.inputs)
    differences = (1...layers).map { Self.difference(pass.hidden($0)) }
  }

  /// Standard normal rows; those that lie far to one side of a random plane are class 1.
  static func data(seed: UInt64) -> FeedForwardData {
    let noise = FeedForwardData.noise(rows: rows, inputs: width, outputs: 1, seed: seed)
    var random = RandomNumbers(seed: seed, 0x4D0)
    let normal = (0..<width).map { _ in random.normal() / Double(width).squareRoot() }
    let sides = (0..<rows).map { row in
      (0..<width).reduce(0) { $0 + normal[$1] * noise.inputs[row, $1] }
    }
    // A fifth of the rows.
    let bound = sides.sorted()[rows * 4 / 5]
    return FeedForwardData(
      inputs: noise.inputs, targets: .classes(sides.map { $0 >= bound ? 1 : 0 }))
  }

  /// The mean distance of a row from the next one.
  private static func difference(_ outputs: Matrix<Double>) -> Double {
    let rows = outputs.rows
    return (1..<rows).reduce(0) { sum, row in
      let square = (0..<outputs.columns).reduce(0) { sum, unit in
        let distance = outputs[row, unit] - outputs[row - 1, unit]
        return sum + distance * distance
      }
      return sum + square.squareRoot() / Double(rows - 1)
    }
  }

  /// The gradient's factor a layer, before the training.
  var factor: Double { pow(deep.reach, 1 / Double(deep.norms.count - 1)) }

  /// The factor a layer of the difference between two rows in the forward pass.
  var forwardFactor: Double { pow(difference, 1 / Double(differences.count - 1)) }

  var difference: Double { differences[differences.count - 1] / differences[0] }

  /// The largest gradient of the layers below the top 20, as a share of the last layer's.
  var shareBelow: Double {
    let norms = deep.norms
    return (norms.dropLast(Self.top).max() ?? .nan) / norms[norms.count - 1]
  }

  /// The share that the top 20 layers have in the movement of all.
  var movementOfTop: Double {
    let moved = deep.moved[deep.moved.count - 1]
    return moved.suffix(Self.top).reduce(0, +) / moved.reduce(0, +)
  }

  /// How far gradient descent moves layer `layer` (from 1), as a share of its length.
  func moved(layer: Int) -> Double { deep.moved[deep.moved.count - 1][layer - 1] }

  /// How far Adam moves layer `layer` (from 1), as a share of the last layer's movement.
  func adamMovement(below layer: Int) -> Double {
    let moved = deepAdam.moved[deepAdam.moved.count - 1]
    return moved[layer - 1] / moved[moved.count - 1]
  }

  /// σ_w √(N E[σ′(z)²]) with z ~ N(0, q), where q = σ_w² N E[σ(z)²] is the same in all layers.
  static let predictedFactor: Double = {
    let variance = deviation * deviation
    func layer(above square: Double) -> MeanFieldLayer {
      MeanFieldLayer(.sigmoid, inputs: width, weightVariance: variance, inputSquare: square)
    }
    // σ(0)².
    var square = 0.25
    for _ in 0..<100 { square = layer(above: square).outputSquare }
    return (variance * Double(width) * layer(above: square).slopeSquare).squareRoot()
  }()
}
