import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollStudies
import UnrollText

extension Lesson {
  /// One network under rates that are too small, right and too large.
  public static let learningRate = Lesson(
    "learning-rate", parameters: [.steps(200, in: 20...1_000)], seeds: 5,
    formulas: [
      "L(θ − η∇L) ≈ L − η ‖∇L‖^2 + \\frac{η^2}{2} ∇L^T H ∇L",
      "e ← (1 − ηλ) e, \\quad |1 − ηλ_{max}| > 1 \\quad ⇔ \\quad η > \\frac{2}{λ_{max}}",
    ]
  ) { settings in
    let steps = settings.count("steps")
    let sweep = (0...14).map { pow(10, Double($0) / 2 - 5) }
    let runs = try settings.overSeeds { seed in
      LearningRates(seed: seed, steps: steps).run(sweep: sweep)
    }
    let linear = LearningRates.linearGrowth(seed: settings.seed, factor: LearningRates.beyond)
    func median(_ value: (LearningRates.Outcome) -> Double) -> Double { runs.map(value).median }
    let rates = LearningRates.shown
    let names = rates.map { "η = \($0.plainText)" }
    let ends = sweep.indices.map { place in runs.map { $0.ends[place] } }
    let best = ends.indices.min { ends[$0].median < ends[$1].median } ?? 0
    let losses = rates.indices.map { place in runs.map { $0.losses[place] } }
    let edge = median { 2 / $0.curvature }
    let falls = runs.map { run in
      let below = sweep.indices.filter { sweep[$0] <= 2 / run.curvature }
      return below.allSatisfy { run.ends[$0] < run.start } ? 1 : 0
    }
    let breaks = runs.map { run in
      zip(sweep, run.ends).first { !($0.1 < run.start) }?.0 ?? .infinity
    }
    let lastEdge = median { 2 / $0.lastCurvature }
    return LessonResult(
      numbers: [
        "start": .number(median(\.start)), "edge": .number(edge),
        "best-rate": .number(sweep[best]),
        "best-loss": .number(ends[best].median), "best-ratio": .number(sweep[best] / edge),
        "slow": .number(losses[0].map { $0.last ?? .nan }.median),
        "right": .number(losses[1].map { $0.last ?? .nan }.median),
        "largest": .scientific(LessonLine(names[2], over: losses[2]).points.map(\.y).largestFinite),
        "slow-update": .scientific(median { $0.firstUpdates[0].max() ?? .nan }),
        "right-update": .scientific(median { $0.firstUpdates[1].max() ?? .nan }),
        "fast-update": .number(median { $0.firstUpdates[2].max() ?? .nan }),
        "slow-rate": .name(rates[0].plainText), "right-rate": .name(rates[1].plainText),
        "fast-rate": .name(rates[2].plainText),
        "norm": .number(median(\.norm)), "last-norm": .number(median(\.lastNorm)),
        "last-edge": .number(lastEdge),
        "breaks": .number(breaks.median), "beyond": .number(breaks.median / edge),
        "falls": .count(falls.reduce(0, +)),
      ],
      checks: [
        // The gradient is that of the start; while the loss falls by some percent, it changes by as much.
        LessonCheck(
          "slow", predicted: median { rates[0] * Double(steps) * $0.norm * $0.norm },
          measured: median { $0.start - ($0.losses[0].last ?? .nan) }, .relative(0.1)),
        LessonCheck(
          "below", predicted: Double(runs.count), measured: Double(falls.reduce(0, +)), .absolute(0)
        ),
        // After 100 updates the fastest direction outweighs the others by far.
        LessonCheck(
          "linear", predicted: 2 * LearningRates.beyond - 1, measured: linear, .relative(1e-3)),
        LessonCheck(
          "fast", predicted: 1, measured: median { $0.firstUpdates[2].max() ?? .nan }, .atLeast),
        // Tenfold: far above what a large rate that still learns does in passing.
        LessonCheck(
          "exploded", predicted: Double(runs.count),
          measured: Double(runs.count { run in !run.losses[2].allSatisfy { $0 < 10 * run.start } }),
          .absolute(0)),
      ],
      panels: [
        LessonPanel(
          name: "rates", lines: [LessonLine("end", over: runs.map(\.lastLosses), at: sweep)],
          levels: [("guess", log(2))], isLogarithmicAcross: true, isCounted: false,
          ceiling: 3 * median(\.start)),
        LessonPanel(
          name: "loss", lines: zip(names, losses).map { LessonLine($0, over: $1, from: 0) },
          levels: [("guess", log(2))], ceiling: 3 * median(\.start)),
        LessonPanel(
          name: "updates",
          lines: names.indices.map { place in
            LessonLine(names[place], over: runs.map { $0.firstUpdates[place] })
          }, levels: [("whole", 1)]),
      ],
      // Within a quarter.
      findings: ["finding"] + (abs(lastEdge / rates[1] - 1) < 0.25 ? ["finding edge"] : []))
  }
}

extension [Double] {
  fileprivate var largestFinite: Double { filter(\.isFinite).max() ?? .nan }
}

/// A ReLU network on two spirals under many rates.
private struct LearningRates {
  struct Outcome {
    /// Loss and ‖∇L‖ before the first update, and the largest curvature there.
    var (start, norm, curvature) = (0.0, 0.0, 0.0)
    /// ‖∇L‖ before the last update at the right rate, and the largest curvature after it.
    var (lastNorm, lastCurvature) = (0.0, 0.0)
    /// The loss after the last update at each rate of the sweep; infinite where training broke off.
    var ends: [Double] = []
    /// The same, but the last finite loss where it broke off.
    var lastLosses: [Double] = []
    /// Of each shown rate: the losses before updates and after the last, and ‖ΔW_i‖/‖W_i‖ of the first.
    var losses: [[Double]] = []
    var firstUpdates: [[Double]] = []
  }

  /// Too small, right, too large.
  static let shown = [1e-5, 0.3, 50]
  /// A rate over 2/λ, for a loss that is quadratic.
  static let beyond = 1.1
  let seed: UInt64
  let steps: Int

  func run(sweep: [Double]) -> Outcome {
    let network = FeedForwardNetwork(
      FeedForwardSpecification(.relu, .he), inputs: 2, width: 32, depth: 5, outputs: 2)
    let data = FeedForwardData.twoSpirals(rows: 100, seed: seed)
    func train(
      _ rate: Double
    ) -> (updates: [FeedForwardUpdate], losses: [Double], parameters: Parameters<Double>) {
      let trainer = FeedForwardTrainer(
        network, network.initialParameters(seed: seed), on: data, settings: .init(rate: rate))
      let updates = trainer.run(steps)
      var losses = updates.map(\.loss)
      if updates.last?.isFinite ?? true {
        losses.append(network.measure(trainer.parameters, on: data).loss)
      }
      losses = losses.map { $0.isFinite ? $0 : .infinity }
      losses += Array(repeating: .infinity, count: steps + 1 - losses.count)
      return (updates, losses, trainer.parameters)
    }
    var outcome = Outcome()
    for (place, rate) in Self.shown.enumerated() {
      let (updates, losses, parameters) = train(rate)
      outcome.losses.append(losses)
      outcome.firstUpdates.append(updates.first?.relativeUpdates ?? [])
      outcome.norm = updates.first?.norm ?? .nan
      outcome.start = losses[0]
      if place == 1 {
        outcome.lastNorm = updates.last?.norm ?? .nan
        outcome.lastCurvature = network.largestCurvature(parameters, on: data)
      }
    }
    for rate in sweep {
      let losses = train(rate).losses
      outcome.ends.append(losses.last ?? .nan)
      outcome.lastLosses.append(losses.last(where: \.isFinite) ?? .nan)
    }
    outcome.curvature = network.largestCurvature(network.initialParameters(seed: seed), on: data)
    return outcome
  }

  /// By what the gradient of a linear layer under the squared error, a quadratic loss, grows in one update
  /// at `factor` times 2/λ.
  static func linearGrowth(seed: UInt64, factor: Double) -> Double {
    let network = FeedForwardNetwork(
      FeedForwardSpecification(.identity, .lecun), inputs: 4, width: 1, depth: 1)
    let noise = FeedForwardData.noise(rows: 50, inputs: 4, outputs: 1, seed: seed)
    guard case .cotangents(let targets) = noise.targets else { return .nan }
    let data = FeedForwardData(inputs: noise.inputs, targets: .values(targets, scale: 0.5))
    let parameters = network.initialParameters(seed: seed)
    let rate =
      factor * 2 / network.largestCurvature(parameters, on: data, iterations: 500)
    let updates = FeedForwardTrainer(network, parameters, on: data, settings: .init(rate: rate))
      .run(100)
    return updates[99].norm / updates[98].norm
  }
}
