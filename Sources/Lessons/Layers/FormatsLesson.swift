import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization
import UnrollStudies

extension Lesson {
  /// One training in several number formats: a gradient that is too small for float16, and loss scaling.
  public static let formats = Lesson(
    "formats", parameters: [.exponent(-20), .steps(300, in: 20...1_000)], seeds: 5,
    formulas: [
      "\\frac{∂(cL)}{∂θ} = c \\frac{∂L}{∂θ}, \\quad θ ← θ − \\frac{η}{c} \\frac{∂(cL)}{∂θ}, \\quad c = 2^k",
      "float16: \\quad |x| ≤ 2^{−25} → 0, \\quad |x| ≥ 65520 → ∞",
    ]
  ) { settings in
    let (steps, exponent) = (settings.count("steps"), settings.count("exponent"))
    let sweep = Array(stride(from: -30, through: 24, by: 2))
    let runs = try settings.overSeeds { seed in
      FormatTraining(seed: seed, steps: steps).run(exponent: exponent, sweep: sweep)
    }
    let ways = FormatTraining.ways.map(\.name)
    func median(_ value: (FormatTraining.Outcome) -> Double) -> Double { runs.map(value).median }
    func end(_ way: Int) -> Double { median { $0.losses[way].last ?? .nan } }
    func zeros(_ place: Int) -> Double { median { $0.predictedZeros[place] } }
    let half = sweep.indices.min { abs(zeros($0) - 0.5) < abs(zeros($1) - 0.5) } ?? 0
    let guess = median(\.guess)
    let (start, still) = (median { $0.losses[1][0] }, runs.count { $0.stoodStill })
    let broken = runs.count { $0.brokeOff }
    let sweepBroken = runs.count { !($0.sweepEnds[1].last?.isFinite ?? true) }
    func learns(_ way: Int) -> Bool { end(way) < 0.5 * start }
    let places = sweep.map(Double.init)
    return LessonResult(
      numbers: [
        "guess": .number(guess), "start": .number(start), "float32": .number(end(0)),
        "float16": .number(end(1)), "scaled": .number(end(2)), "bfloat16": .number(end(3)),
        "kept": .number(end(4)), "still": .count(still), "broken": .count(broken),
        "zeros": .percent(median(\.zeros)), "bfloat16-zeros": .percent(median(\.bfloat16Zeros)),
        "scale": .count(-exponent), "half": .count(sweep[half]),
        "half-zeros": .percent(median { $0.outputZeros[half] }),
        "sweep-broken": .count(sweepBroken),
        "unmoved": .percent(median { $0.unmoved[1] }),
        "unmoved-bfloat16": .percent(median { $0.unmoved[3] }),
        "unmoved-kept": .percent(median { $0.unmoved[4] }),
      ],
      checks: [
        LessonCheck(
          "factor", predicted: 0, measured: runs.map(\.factorDifference).largest, .absolute(0)),
        // What is predicted from float64 may fall on the other side of the limit where float16's own rounding
        // has moved an output: two in a hundred of 128.
        LessonCheck(
          "zeros", predicted: zeros(half), measured: median { $0.outputZeros[half] },
          .absolute(0.02)),
        LessonCheck(
          "overflow", predicted: Double(runs.count), measured: Double(sweepBroken), .absolute(0)),
        // Half of the loss at the start is far beyond what one class more or less can do.
        LessonCheck("scaled", predicted: 0.5 * start, measured: end(2), .atMost),
        LessonCheck("bfloat16", predicted: end(0), measured: end(3), .atLeast),
        LessonCheck("kept", predicted: end(3), measured: end(4), .atMost),
      ],
      panels: [
        LessonPanel(
          name: "loss",
          lines: ways.indices.map { way in
            LessonLine(ways[way], over: runs.map { $0.losses[way] }, from: 0)
          },
          levels: [("guess", guess)]),
        LessonPanel(
          name: "zeros",
          lines: [
            LessonLine("all", over: runs.map(\.sweepZeros), at: places),
            LessonLine("outputs", over: runs.map(\.outputZeros), at: places, mark: .points),
            LessonLine("predicted", over: runs.map(\.predictedZeros), at: places),
          ], isLogarithmic: false),
        LessonPanel(
          name: "ends",
          lines: FormatTraining.swept.indices.map { way in
            LessonLine(
              ways[FormatTraining.swept[way]],
              over: FormatTraining.ended(runs.map { $0.sweepEnds[way] }), at: places)
          }, levels: [("guess", guess)]),
      ],
      findings: [
        still == runs.count
          ? "finding still"
          : broken > 0
            ? "finding broken"
            : learns(1)
              ? "finding learns" : "finding slow", "finding others",
      ])
  }
}

/// A tanh network and its task, trained in one format after the other.
private struct FormatTraining {
  struct Outcome {
    /// Of each of ``ways``.
    var losses: [[Double]] = []
    /// The loss of a guess.
    var guess = 0.0
    /// Of each of ``ways``: the share of weights that updates left as they were.
    var unmoved: [Double] = []
    /// Whether no update of float16 moved any weight.
    var stoodStill: Bool { unmoved[1] == 1 }
    /// Whether float16 came to a gradient that is not finite.
    var brokeOff = false
    /// Share of gradients that are 0 in the first update.
    var (zeros, bfloat16Zeros) = (0.0, 0.0)
    /// The largest difference of float32's losses with the factor and without.
    var factorDifference = 0.0
    /// For each factor: the share of float16's gradients that are 0, that of those by the outputs alone,
    /// and what float64's predict for these; the losses at the end of ``swept``.
    var (sweepZeros, outputZeros, predictedZeros): ([Double], [Double], [Double]) = ([], [], [])
    var sweepEnds: [[Double]] = []
  }

  static let ways: [(name: String, training: RoundedTraining, isScaled: Bool)] = [
    ("float32", RoundedTraining(.float32), false), ("float16", RoundedTraining(.float16), false),
    ("scaled", RoundedTraining(.float16), true), ("bfloat16", RoundedTraining(.bfloat16), false),
    ("kept", RoundedTraining(.bfloat16, weights: .float32), false),
  ]
  /// Of ``ways``, those that go over all factors.
  static let swept = [0, 1, 3]
  static let (rows, rate) = (64, 0.5)
  let seed: UInt64
  let steps: Int

  /// The runs, infinite in all of them where one of them is, so that a line ends there.
  static func ended(_ runs: [[Double]]) -> [[Double]] {
    runs.map { run in
      run.enumerated().map { place, value in
        runs.allSatisfy { $0[place].isFinite } ? value : .infinity
      }
    }
  }

  func run(exponent: Int, sweep: [Int]) -> Outcome {
    let network = FeedForwardNetwork(
      FeedForwardSpecification(.tanh, .xavier), inputs: 4, width: 8, depth: 3, outputs: 2)
    let start = network.initialParameters(seed: seed)
    let data = FeedForwardData.teacher(rows: Self.rows, inputs: 4, seed: seed)
    guard case .classes(let classes) = data.targets else { return Outcome() }
    func train(
      _ training: RoundedTraining, exponent: Int, scale: Int = 0, steps: Int? = nil
    ) -> RoundedTraining.Outcome {
      var training = training
      training.rate = Self.rate
      (training.lossFactor, training.lossScale) = (scalbn(1, exponent), scalbn(1, scale))
      return training.run(
        network, start, inputs: data.inputs, classes: classes, updates: steps ?? self.steps)
    }
    func zeroShare(_ values: [Double]) -> Double {
      Double(values.count { $0 == 0 }) / Double(values.count)
    }
    var outcome = Outcome()
    outcome.guess = data.guessingLoss
    for (place, way) in Self.ways.enumerated() {
      let result = train(way.training, exponent: exponent, scale: way.isScaled ? -exponent : 0)
      outcome.losses.append(result.losses)
      outcome.unmoved.append(result.unmoved)
      switch place {
      case 0:
        let plain = train(way.training, exponent: 0)
        outcome.factorDifference =
          zip(plain.losses, result.losses).map { abs($0 - $1) }.max() ?? .nan
      case 1:
        outcome.zeros = zeroShare(result.firstGradients)
        outcome.brokeOff = result.brokeOff
      case 3: outcome.bfloat16Zeros = zeroShare(result.firstGradients)
      default: break
      }
    }
    let exact = train(RoundedTraining(.float64), exponent: 0, steps: 1).firstOutputGradient
    let least = NumberFormat.float16.leastNonzero / 2
    for exponent in sweep {
      outcome.predictedZeros.append(
        Double(exact.count { abs($0) * scalbn(1, exponent) <= least }) / Double(exact.count))
    }
    outcome.sweepEnds = Self.swept.map { way in
      sweep.map { exponent in
        let result = train(Self.ways[way].training, exponent: exponent)
        if way == 1 {
          outcome.sweepZeros.append(zeroShare(result.firstGradients))
          outcome.outputZeros.append(zeroShare(result.firstOutputGradient))
        }
        return result.losses.last ?? .nan
      }
    }
    return outcome
  }
}
