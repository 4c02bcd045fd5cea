import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollStudies

extension Lesson {
  /// Three sigmoid layers: hidden 1 stands still at first, and the layers above it learn without it.
  public static let threeHidden = Lesson(
    "three-hidden", parameters: [.steps(1_000, in: 10...10_000)], seeds: 10,
    formulas: [
      "\\frac{‖∂L/∂h_1‖}{‖∂L/∂h_3‖} ≈ \\frac{1}{4} · \\frac{1}{4} = \\frac{1}{16}, \\quad W_i ← W_i − η \\frac{∂L}{∂W_i}"
    ]
  ) { settings in
    let early = settings.count("steps")
    let runs = try settings.overSeeds { ThreeHidden(seed: $0, early: early) }
    func median(_ value: (ThreeHidden) -> Double) -> Double { runs.map(value).median }
    let (whole, upper) = (
      runs.map { $0.whole.losses[$0.look] }, runs.map { $0.upper.losses[$0.look] }
    )
    // Seed by seed: seeds differ by more than training has gained, so that medians say little.
    let costs = zip(whole, upper).map { $1 - $0 }
    let (late, lateUpper) = (runs.map(\.whole.loss), runs.map(\.upper.loss))
    let moved = (0..<3).map { layer in median { $0.whole.moved[$0.look][layer] } }
    let lateMoved = (0..<3).map { layer in
      median { $0.whole.moved[$0.whole.moved.count - 1][layer] }
    }
    let parted = zip(late, lateUpper).count { $1 - $0 > 0.01 }
    let guess = runs.map(\.guess).median
    let gain = zip(runs.map(\.guess), whole).map { $0 - $1 }.median
    let layers = ["1", "2", "3"]
    let places = runs[0].whole.places
    return LessonResult(
      numbers: [
        "late": .count(ThreeHidden.stages * early), "parted": .count(parted),
        "ratio": .percent(median(\.ratio)), "relu-ratio": .percent(median(\.reluRatio)),
        "gradient": .percent(median { $0.whole.norms[0] / $0.whole.norms[2] }),
        "moved": .percent(moved[0]), "moved-third": .percent(moved[2]),
        "late-moved": .percent(lateMoved[0]),
        "whole": .number(whole.median), "upper": .number(upper.median),
        "late-whole": .number(late.median), "late-upper": .number(lateUpper.median),
        "cost": .number(costs.median), "cost-least": .number(costs.least),
        "cost-largest": .number(costs.largest), "gain": .number(gain), "guess": .number(guess),
        "path": .percent(median { $0.path(0) }), "path-third": .percent(median { $0.path(2) }),
      ],
      checks: [
        // A matrix of 32·32 random weights keeps a length to some 1/√32 = 18%, two to 25%.
        LessonCheck(
          "gradient", predicted: 1.0 / 16,
          measured: median { $0.whole.norms[0] / $0.whole.norms[2] }, .relative(0.25)),
        LessonCheck("ratio", predicted: 0.1, measured: median(\.ratio), .atMost),
        LessonCheck("moved", predicted: moved[2], measured: moved[0], .atMost),
        // A tenth of what training has gained over a guess: nothing, where it has gained nothing.
        LessonCheck("cost", predicted: max(0.1 * gain, 0), measured: costs.median, .atMost),
        // As above.
        LessonCheck(
          "relu", predicted: 1, measured: median { $0.relu.norms[0] / $0.relu.norms[2] },
          .relative(0.25)),
      ],
      panels: [
        LessonPanel(
          name: "update", upright: "||ΔW_i|| / ||W_i||",
          lines: [
            LessonLine("sigmoid", over: runs.map(\.earlyUpdates), at: [0, 1, 2], mark: .points),
            LessonLine("relu", over: runs.map { $0.relu.updates() }, at: [0, 1, 2], mark: .points),
          ], categories: layers.map { "hidden \($0)" }),
        LessonPanel(
          name: "moved", upright: "||W_i − W_i^0|| / ||W_i^0||",
          lines: layers.enumerated().map { layer, name in
            LessonLine(
              "hidden \(name)", over: runs.map { $0.whole.moved(layer: layer) }, at: places)
          }, isLogarithmic: false),
        LessonPanel(
          name: "loss",
          lines: [
            // Without the first look, which would flatten the others.
            LessonLine(
              "whole", over: runs.map { Array($0.whole.losses.dropFirst()) },
              at: Array(places.dropFirst())),
            LessonLine(
              "upper", over: runs.map { Array($0.upper.losses.dropFirst()) },
              at: Array(places.dropFirst())),
          ], levels: [("guess", guess)], isLogarithmic: false),
      ],
      findings: [
        "finding",
        5 * parted >= 4 * runs.count ? "finding later" : "finding still",
      ])
  }
}

/// One seed's runs: two spirals, three layers of 32.
private struct ThreeHidden: Sendable {
  /// How many times as long the whole training is as its early part.
  static let stages = 5

  let whole: LayerRun
  let upper: LayerRun
  let relu: LayerRun
  let guess: Double
  /// What an update of the early part moves each layer by.
  let earlyUpdates: [Double]
  /// The look that ends the early part.
  let look: Int

  init(seed: UInt64, early count: Int) {
    let data = FeedForwardData.twoSpirals(rows: 200, seed: seed)
    func run(
      _ specification: FeedForwardSpecification, _ settings: FeedForwardTrainingSettings,
      updates: Int
    ) -> LayerRun {
      let network = FeedForwardNetwork(
        specification, inputs: data.inputs.columns, width: 32, depth: 3, outputs: 2)
      return LayerRun(
        network, network.initialParameters(seed: seed), on: data, settings, updates: updates,
        lookingEvery: max(count / 20, 1), andAfter: count)
    }
    let sigmoid = FeedForwardSpecification(.sigmoid, .lecun)
    whole = run(sigmoid, .init(rate: 0.5), updates: Self.stages * count)
    upper = run(sigmoid, .init(rate: 0.5, frozenLayers: 1), updates: Self.stages * count)
    relu = run(.init(.relu, .he), .init(rate: 0.1), updates: count)
    guess = data.guessingLoss
    earlyUpdates = whole.updates(upTo: count)
    look = whole.look(after: count)
  }

  /// The length of a layer's way through the early part, update by update, as a share of its weights' length.
  func path(_ layer: Int) -> Double { earlyUpdates[layer] * whole.places[look] }

  /// What an update moves hidden 1, as a share of what it moves hidden 3.
  var ratio: Double { earlyUpdates[0] / earlyUpdates[2] }
  var reluRatio: Double { relu.updates()[0] / relu.updates()[2] }
}
