import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollStudies

extension Lesson {
  /// Layers with and without a connection around them: the gradient, and which of them learn.
  public static let residual = Lesson(
    "residual", parameters: [.layers(20, in: 2...60), .steps(400, in: 1...5_000)], seeds: 5,
    formulas: [
      "h_i = h_{i−1} + f(W_i h_{i−1} + b_i), \\quad \\frac{∂h_i}{∂h_{i−1}} = I + J_i",
      "1 − ‖J‖ ≤ s_i(I + J) ≤ 1 + ‖J‖",
    ]
  ) { settings in
    let (layers, steps) = (settings.count("layers"), settings.count("steps"))
    let runs = try settings.overSeeds { seed in
      ResidualForm.allCases.map { ResidualRun($0, seed: seed, layers: layers, steps: steps) }
    }
    func of(_ form: ResidualForm) -> [ResidualRun] {
      runs.compactMap { $0.first { $0.form == form } }
    }
    let blocks = ResidualBlock(seed: settings.seed)
    let guess = runs[0][0].guess
    let slow = of(.sigmoid).compactMap { $0.slow?.loss }.median
    let lines = ResidualForm.allCases
    func line(_ form: ResidualForm, _ values: (ResidualRun) -> [Double]) -> LessonLine {
      LessonLine(form.rawValue, over: of(form).map(values))
    }
    var numbers: [String: LessonValue] = [
      "guess": .number(guess), "norm": .number(blocks.norm), "least": .number(blocks.least),
      "largest": .number(blocks.largest), "count": .count(settings.seeds.count),
      "between": .count(layers - 1), "half": .number(Double(layers) / 2),
      "mean": .number(of(.sigmoid).map { $0.means[layers - 1] }.median),
      "tanh-mean": .number(of(.tanh).map { abs($0.means[layers - 1]) }.median),
      "differing": .percent(of(.sigmoid).map { $0.differing[layers - 1] }.median),
      "tanh-differing": .percent(of(.tanh).map { $0.differing[layers - 1] }.median),
      "slow-loss": .number(slow),
      "bound-least": .ratio(pow(1 - blocks.norm, Double(layers - 1))),
      "bound-largest": .ratio(pow(1 + blocks.norm, Double(layers - 1))),
    ]
    for form in lines {
      let runs = of(form)
      numbers["\(form.rawValue)-reach"] = .number(runs.map(\.run.reach).median)
      numbers["\(form.rawValue)-loss"] = .number(runs.map(\.run.loss).median)
      numbers["\(form.rawValue)-learned"] = .count(runs.count { $0.run.loss < guess / 2 })
      numbers["\(form.rawValue)-broke"] = .count(runs.count { !$0.run.loss.isFinite })
    }
    let stuck = of(.sigmoid).map(\.run.loss).median > guess
    return LessonResult(
      numbers: numbers,
      checks: [
        LessonCheck("largest", predicted: 1 + blocks.norm, measured: blocks.largest, .atMost),
        LessonCheck("least", predicted: 1 - blocks.norm, measured: blocks.least, .atLeast),
        LessonCheck(
          "plain", predicted: pow(0.25, Double(layers - 1)),
          measured: of(.plain).map(\.run.reach).median, .atMost),
        // ½ a layer is right at z = 0; the outputs themselves push z to either side.
        LessonCheck(
          "mean", predicted: Double(layers) / 2,
          measured: of(.sigmoid).map { $0.means[layers - 1] }.median, .relative(0.2)),
        LessonCheck(
          "sigmoid loss", predicted: guess, measured: of(.sigmoid).map(\.run.loss).median, .atLeast),
        // Half of guessing: no network that knows the classes' shares alone comes there.
        LessonCheck(
          "tanh loss", predicted: guess / 2, measured: of(.tanh).map(\.run.loss).median, .atMost),
        LessonCheck(
          "normalized loss", predicted: guess / 2,
          measured: of(.normalized).map(\.run.loss).median, .atMost),
      ],
      panels: [
        LessonPanel(
          name: "gradient", upright: "||∂ℓ/∂h_i||", lines: lines.map { line($0, \.run.norms) }),
        LessonPanel(
          name: "differing", lines: lines.map { line($0, \.differing) }),
        LessonPanel(
          name: "loss",
          lines: lines.map { form in
            LessonLine(
              form.rawValue, over: of(form).map(\.run.losses), at: runs[0][0].run.places)
          }, levels: [("guess", guess)], ceiling: 1e4 * guess),
      ],
      findings: [
        "finding", stuck ? "finding stuck" : "finding learned",
        slow > 0.9 * guess ? "finding slow" : "finding slow learned", "finding others",
      ])
  }
}

/// What stands in a layer, and whether there is a connection around it.
private enum ResidualForm: String, CaseIterable, Sendable {
  case plain, sigmoid, tanh, relu, normalized

  var specification: FeedForwardSpecification {
    switch self {
    case .plain: .init(.sigmoid, .lecun)
    case .sigmoid: .init(.sigmoid, .lecun, residual: true)
    case .tanh: .init(.tanh, .lecun, residual: true)
    case .relu: .init(.relu, .he, residual: true)
    case .normalized: .init(.sigmoid, .lecun, normalized: true, residual: true)
    }
  }
}

/// One form, trained on two spirals.
private struct ResidualRun: Sendable {
  let form: ResidualForm
  let run: LayerRun
  /// The same for residual sigmoid layers at a hundredth of the rate; nil for the others.
  let slow: LayerRun?
  /// Before the training, layer by layer: the mean output, and the share of the outputs' squares that differs
  /// between the rows, Σ(h − mean h)² / Σh².
  let means, differing: [Double]
  let guess: Double

  init(_ form: ResidualForm, seed: UInt64, layers: Int, steps: Int) {
    let data = FeedForwardData.twoSpirals(rows: 100, seed: seed)
    let network = FeedForwardNetwork(
      form.specification, inputs: data.inputs.columns, width: 32, depth: layers, outputs: 2)
    let parameters = network.initialParameters(seed: seed)
    self.form = form
    means = network.measure(parameters, on: data).layers.map(\.activationMean)
    let pass = FeedForwardPass<Double>(network, rows: data.rows)
    pass.forward(parameters, data.inputs)
    differing = (1...layers).map { Self.differing(pass.hidden($0)) }
    guess = data.guessingLoss
    func trained(rate: Double) -> LayerRun {
      LayerRun(
        network, parameters.copy(), on: data, .init(rate: rate), updates: steps,
        lookingEvery: max(steps / 40, 1))
    }
    run = trained(rate: 0.1)
    slow = form == .sigmoid ? trained(rate: 0.001) : nil
  }
}

extension ResidualRun {
  static func differing(_ outputs: Matrix<Double>) -> Double {
    let rows = outputs.rows
    let means = Matrix<Double>(rows: 1, columns: outputs.columns)
    means.addColumnSums(of: outputs)
    means.scale(by: -1 / Double(rows))
    let differences = Matrix<Double>(rows: rows, columns: outputs.columns)
    differences.fillRows(means)
    differences.addElements(of: outputs)
    let share = differences.norm / outputs.norm
    return share * share
  }
}

/// The Jacobians of one sigmoid layer at one input, with and without the connection around it.
struct ResidualBlock {
  static let width = 32
  /// ‖J‖, and the least and the largest singular value of I + J.
  let norm, least, largest: Double

  init(seed: UInt64) {
    norm = Self.singularValues(seed: seed, isResidual: false).first ?? .nan
    let values = Self.singularValues(seed: seed, isResidual: true)
    (least, largest) = (values.last ?? .nan, values.first ?? .nan)
  }

  /// Each row of the Jacobian is what the backward pass makes of a unit vector.
  static func jacobian(seed: UInt64, isResidual: Bool) -> Matrix<Double> {
    let network = FeedForwardNetwork(
      FeedForwardSpecification(.sigmoid, .lecun, residual: isResidual), inputs: width,
      width: width, depth: 1)
    let input = FeedForwardData.noise(rows: 1, inputs: width, outputs: 1, seed: seed).inputs
    let (inputs, units) = (
      Matrix<Double>(rows: width, columns: width), Matrix<Double>(rows: width, columns: width)
    )
    inputs.fillRows(input)
    for unit in 0..<width { units[unit, unit] = 1 }
    let parameters = network.initialParameters(seed: seed)
    let pass = FeedForwardPass<Double>(network, rows: width)
    pass.forward(parameters, inputs)
    _ = pass.loss(.cotangents(units))
    pass.backward(parameters, into: Parameters(network.layout))
    let jacobian = pass.inputGradient.copy()
    jacobian.scale(by: Double(width))
    return jacobian
  }

  private static func singularValues(seed: UInt64, isResidual: Bool) -> [Double] {
    jacobian(seed: seed, isResidual: isResidual).singularValues ?? []
  }
}
