import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization

extension Lesson {
  /// Backpropagation against differences: a right backward pass, two wrong ones, and the step ε.
  public static let gradientCheck = Lesson(
    "gradient-check", parameters: [.width(8, in: 2...16), .penalty(1e-4)], seeds: 5,
    formulas: [
      "d_{approx,i} = \\frac{J(θ + ε e_i) − J(θ − ε e_i)}{2ε}, \\quad "
        + "e = \\frac{‖d_{approx} − d‖}{‖d_{approx}‖ + ‖d‖}",
      "e ≈ a ε^2 + \\frac{u}{ε}, \\quad e_{min}: ε ≈ u^{1/3}, \\quad u = 2^{−53}",
    ]
  ) { settings in
    let steps = stride(from: 2, through: 24, by: 1).map { pow(10, -Double($0) / 2) }
    let runs = try settings.overSeeds { seed in
      CheckedBackpropagation(
        width: settings.count("width"), penalty: settings.number("penalty"), seed: seed
      ).run(steps: steps)
    }
    func errors(_ kind: CheckedBackpropagation.Kind) -> [[Double]] {
      runs.map { $0.checks[kind]?.map(\.error) ?? [] }
    }
    func median(_ value: (CheckedBackpropagation.Outcome) -> Double) -> Double {
      runs.map(value).median
    }
    let right = errors(.right)
    func place(of exponent: Int) -> Int { -2 * exponent - 2 }
    func slope(_ low: Int, _ high: Int) -> Double {
      right.map { log10($0[place(of: high)] / $0[place(of: low)]) / Double(high - low) }.median
    }
    let best = right.map { errors in errors.indices.min { errors[$0] < errors[$1] } ?? 0 }
    let smallest = zip(right, best).map { $0[$1] }.median
    let seven = right.map { $0[place(of: -7)] }.median
    let single = runs.map { $0.single[place(of: -7)] }.median
    let singleBest = runs.map { run in
      log10(steps[run.single.indices.min { run.single[$0] < run.single[$1] } ?? 0])
    }.median
    let falls = CheckedBackpropagation.Kind.allCases.map { kind in
      (
        first: median { $0.losses[kind]?.first ?? .nan },
        last: median { $0.losses[kind]?.last ?? .nan }
      )
    }
    // All far below the start and near each other: nothing in the curves says which gradient is wrong.
    let hides = falls.allSatisfy { $0.last < 0.5 * $0.first && $0.last < 1.5 * falls[0].last }
    let names = runs.first?.names ?? []
    return LessonResult(
      numbers: [
        "smallest": .scientific(smallest), "seven": .scientific(seven),
        "worse": .number(seven / smallest), "single": .number(single),
        "single-best": .scientific(runs.map(\.single.least).median),
        "single-step": .scientific(pow(10, singleBest)),
        "slope-error": .number(median { $0.atBest(.slope) }),
        "penalty-error": .ratio(median { $0.atBest(.penalty) }),
        "start": .number(median { $0.losses[.right]?.first ?? .nan }),
        "right-loss": .number(median { $0.losses[.right]?.last ?? .nan }),
        "slope-loss": .number(median { $0.losses[.slope]?.last ?? .nan }),
        "penalty-loss": .number(median { $0.losses[.penalty]?.last ?? .nan }),
        "updates": .count(CheckedBackpropagation.updates),
      ],
      checks: [
        // A slope of 2 is that of ε² alone; at 1e-2 the next power, ε⁴, is 1e-4 of it, at 1e-4 rounding is little.
        LessonCheck("truncation", predicted: 2, measured: slope(-4, -2), .absolute(0.05)),
        // Over four decades the logarithm of an error that is random by a factor of 2 to 4.
        LessonCheck("rounding", predicted: -1, measured: slope(-11, -7), .absolute(0.15)),
        // The place of the least error goes with the third root of the unknown a: a from 1/30 to 30 moves it by
        // half a decade, and ε is one of a grid of half decades, which is another quarter.
        LessonCheck(
          "best", predicted: log10(pow(2, -53.0 / 3)),
          measured: best.map { log10(steps[$0]) }.median, .absolute(0.75)),
        LessonCheck("right", predicted: 1e-7, measured: smallest, .atMost),
        // Beside an error of 1e-4 or more the differences' own, 1e-10, is nothing.
        LessonCheck(
          "slope", predicted: median { $0.predicted(.slope) },
          measured: median { $0.atBest(.slope) }, .relative(1e-3)),
        LessonCheck(
          "penalty", predicted: median { $0.predicted(.penalty) },
          measured: median { $0.atBest(.penalty) }, .relative(1e-3)),
        LessonCheck("single", predicted: 0.1, measured: single, .atLeast),
      ],
      panels: [
        LessonPanel(
          name: "steps",
          lines: CheckedBackpropagation.Kind.allCases.map {
            LessonLine($0.rawValue, over: errors($0), at: steps)
          } + [LessonLine("single", over: runs.map(\.single), at: steps)],
          levels: [("reject", 1e-3), ("accept", 1e-7)], isLogarithmicAcross: true,
          isCounted: false),
        LessonPanel(
          name: "parameters",
          lines: CheckedBackpropagation.Kind.allCases.map { kind in
            LessonLine(
              kind.rawValue, over: runs.map { $0.parts[kind] ?? [] },
              at: names.indices.map(Double.init), mark: .points)
          }, categories: names),
        LessonPanel(
          name: "loss",
          lines: CheckedBackpropagation.Kind.allCases.map { kind in
            LessonLine(kind.rawValue, over: runs.map { $0.losses[kind] ?? [] }, from: 0)
          }),
      ], findings: ["finding", hides ? "finding hides" : "finding shows", "finding single"])
  }
}

/// A small network with a penalty, and backward passes through it of which one is right.
private struct CheckedBackpropagation {
  enum Kind: String, CaseIterable {
    case right
    /// 1 − h for tanh′ = 1 − h² in the first layer.
    case slope
    /// Without the penalty's term.
    case penalty
  }

  struct Outcome {
    /// The parameters' names.
    let names: [String]
    /// At each step.
    var checks: [Kind: [(step: Double, error: Double)]] = [:]
    /// With a right gradient and a loss computed in Float32.
    var single: [Double] = []
    /// Of each parameter at the step that errors are smallest with.
    var parts: [Kind: [Double]] = [:]
    var losses: [Kind: [Double]] = [:]
    var gradients: [Kind: Matrix<Double>] = [:]

    /// The error at ε = 1e-5.
    func atBest(_ kind: Kind) -> Double {
      checks[kind]?.min { abs(log10($0.step) + 5) < abs(log10($1.step) + 5) }?.error ?? .nan
    }

    /// ‖d_right − d‖ / (‖d_right‖ + ‖d‖).
    func predicted(_ kind: Kind) -> Double {
      guard let right = gradients[.right], let wrong = gradients[kind] else { return .nan }
      let difference = right.copy()
      difference.add(wrong, scale: -1)
      return difference.norm / (right.norm + wrong.norm)
    }
  }

  static let updates = 200
  let network: FeedForwardNetwork
  let parameters: Parameters<Double>
  let data: FeedForwardData
  let penalty: Penalty
  private let pass: FeedForwardPass<Double>

  init(width: Int, penalty: Double, seed: UInt64) {
    var specification = FeedForwardSpecification(.tanh)
    specification.initializer = .lecun
    network = FeedForwardNetwork(specification, inputs: 4, width: width, depth: 3, outputs: 2)
    parameters = network.initialParameters(seed: seed)
    data = .teacher(rows: 16, inputs: 4, seed: seed)
    self.penalty = Penalty(l2: penalty)
    pass = FeedForwardPass(network, rows: data.rows)
  }

  func run(steps: [Double]) -> Outcome {
    var outcome = Outcome(names: network.layout.entries.map(\.name))
    for kind in Kind.allCases {
      let gradient = gradient(kind, at: parameters).gradient
      outcome.gradients[kind] = gradient.values
      let reports = steps.map { check(gradient, step: $0) }
      outcome.checks[kind] = zip(steps, reports).map { ($0, $1.relativeError) }
      outcome.parts[kind] = check(gradient, step: GradientCheck.standardStep).errors.map(\.error)
      outcome.losses[kind] = train(kind)
      if kind == .right { outcome.single = steps.map { checkInSingle(gradient, step: $0) } }
    }
    return outcome
  }

  private func loss(_ parameters: Parameters<Double>) -> Double {
    pass.forward(parameters, data.inputs)
    return pass.loss(data.targets) + penalty.loss(of: parameters)
  }

  private func gradient(
    _ kind: Kind, at parameters: Parameters<Double>
  ) -> (loss: Double, gradient: Parameters<Double>) {
    let gradient = Parameters<Double>(network.layout)
    let loss = loss(parameters)
    pass.backward(parameters, into: gradient)
    if kind == .slope { takeWrongSlope(into: gradient) }
    if kind != .penalty { penalty.addGradient(of: parameters.values, to: gradient.values) }
    return (loss, gradient)
  }

  /// The first layer's gradient with 1 − h in place of 1 − h².
  private func takeWrongSlope(into gradient: Parameters<Double>) {
    let delta = pass.hiddenGradient(1).copy()
    let slopes = delta.copy()
    slopes.fill(1)
    slopes.add(pass.hidden(1), scale: -1)
    delta.multiplyElements(by: slopes)
    gradient["layers.0.weight"].formProduct(delta, data.inputs, transposing: .left)
    gradient["layers.0.bias"].fill(0)
    gradient["layers.0.bias"].addColumnSums(of: delta)
  }

  private func check(_ gradient: Parameters<Double>, step: Double) -> GradientCheck.Report {
    GradientCheck.run(variables(gradient), step: step) { .init(loss: loss(parameters)) }
  }

  /// The same with the parameters and every operation of the loss in Float32.
  private func checkInSingle(_ gradient: Parameters<Double>, step: Double) -> Double {
    let pass = FeedForwardPass<Float>(network, rows: data.rows)
    let inputs = Matrix<Float>(rows: data.rows, columns: data.inputs.columns)
    inputs.assign(rounding: data.inputs)
    let rounded = Parameters<Float>(network.layout)
    guard case .classes(let classes) = data.targets else { return .nan }
    return GradientCheck.run(variables(gradient), step: step) {
      rounded.values.assign(rounding: parameters.values)
      pass.forward(rounded, inputs)
      let loss = pass.loss(.classes(classes)) + penalty.loss(of: rounded)
      return .init(loss: Double(Float(loss)))
    }.relativeError
  }

  private func variables(_ gradient: Parameters<Double>) -> [GradientCheck.Variable] {
    network.layout.entries.map {
      .init(name: $0.name, values: parameters[$0], gradient: gradient[$0])
    }
  }

  /// The losses of gradient descent with such a gradient.
  private func train(_ kind: Kind) -> [Double] {
    let weights = parameters.copy()
    return (0..<Self.updates).map { _ in
      let (loss, gradient) = gradient(kind, at: weights)
      weights.values.add(gradient.values, scale: -0.5)
      return loss
    }
  }
}
