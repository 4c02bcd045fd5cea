import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollStudies

extension Lesson {
  /// Greedy layer-wise pre-training, then fine-tuning, against training end to end.
  public static let pretraining = Lesson(
    "pretraining", parameters: [.layers(5, in: 2...12), .steps(1_500, in: 10...10_000)], seeds: 10,
    formulas: [
      "C_i = ‖V_i σ(W_i h_{i−1} + b_i) + c_i − h_{i−1}‖^2, \\quad i = 1, 2, …, L"
    ]
  ) { settings in
    let (layers, steps) = (settings.count("layers"), settings.count("steps"))
    let runs = try settings.overSeeds { Pretraining(seed: $0, layers: layers, steps: steps) }
    let plain = runs.map { $0.plain.losses[$0.look] }
    let tuned = runs.map(\.tuned.loss)
    let longer = runs.map(\.plain.loss)
    let gains = zip(plain, tuned).map { $0 - $1 }
    let better = gains.count { $0 > 0 }
    let guess = runs.map(\.guess).median
    let reach = (plain: runs.map(\.plain.reach).median, tuned: runs.map(\.tuned.reach).median)
    let interval = OrderStatistics(gains).medianInterval
    var result = LessonResult()
    result.numbers = [
      "layer-updates": .count(Pretraining.layerUpdates),
      "extra": .count(Pretraining.layerUpdates * layers),
      "reach": .number(reach.plain), "tuned-reach": .number(reach.tuned),
      "plain": .number(plain.median), "tuned": .number(tuned.median),
      "longer": .number(longer.median), "guess": .number(guess), "better": .count(better),
      "gain": .number(gains.median),
      "low": .number(interval?.lowerBound ?? gains.least),
      "high": .number(interval?.upperBound ?? gains.largest),
    ]
    result.checks = [
      LessonCheck("reach", predicted: reach.plain, measured: reach.tuned, .atLeast),
      LessonCheck("gain", predicted: 0, measured: interval?.lowerBound ?? gains.least, .atLeast),
      LessonCheck("tuned", predicted: plain.median, measured: tuned.median, .atMost),
    ]
    result.panels = [
      LessonPanel(
        name: "gradient", upright: "||∂ℓ/∂h_i||",
        lines: [
          LessonLine("plain", over: runs.map(\.plain.norms)),
          LessonLine("tuned", over: runs.map(\.tuned.norms)),
        ]),
      LessonPanel(
        name: "loss",
        lines: [
          LessonLine("plain", over: runs.map(\.plain.losses), at: runs[0].plain.places),
          LessonLine("tuned", over: runs.map(\.tuned.losses), at: runs[0].tuned.places),
        ], levels: [("guess", guess)], isLogarithmic: false),
    ]
    result.findings = [
      "finding", interval == nil ? "finding range" : "finding interval",
      tuned.median < 0.9 * longer.median
        ? "finding longer"
        : tuned.median > 1.1 * longer.median
          ? "finding longer overtakes" : "finding longer reaches",
    ]
    return result
  }
}

/// One seed's runs: a teacher's classes of 100 points, layers of 24.
struct Pretraining: Sendable {
  /// Updates of each autoencoder.
  static let layerUpdates = 300

  let plain, tuned: LayerRun
  let guess: Double
  /// The look at the end-to-end training after as many updates as the fine-tuning has.
  let look: Int

  init(seed: UInt64, layers: Int, steps: Int) {
    let data = FeedForwardData.teacher(rows: 100, inputs: 8, seed: seed)
    let network = FeedForwardNetwork(
      FeedForwardSpecification(.sigmoid, .lecun), inputs: data.inputs.columns, width: 24,
      depth: layers, outputs: 2)
    let interval = max(steps / 40, 1)
    func run(_ parameters: Parameters<Double>, updates: Int) -> LayerRun {
      LayerRun(
        network, parameters, on: data, .init(rate: 0.1), updates: updates, lookingEvery: interval)
    }
    // End to end goes on for as many updates as the pre-training took.
    plain = run(
      network.initialParameters(seed: seed), updates: steps + layers * Self.layerUpdates)
    let pretrained = network.initialParameters(seed: seed)
    _ = network.pretrain(
      pretrained, on: data.inputs, steps: Self.layerUpdates,
      settings: .init(rate: 0.01, optimizer: .adam), seed: seed)
    tuned = run(pretrained, updates: steps)
    guess = data.guessingLoss
    look = plain.look(after: steps)
  }
}
