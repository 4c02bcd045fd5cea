import Foundation
import UnrollDenseMath
import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText

extension Lesson {
  /// The product through time: s^k of a linear network, and the factor a step of RNN, GRU and LSTM.
  public static let time = Lesson(
    "time", parameters: [.factors([1.5, 0.5]), .length(60), .width(64, in: 2...256)], seeds: 5,
    formulas: [
      "\\frac{∂ℓ}{∂h_{T−k}} = (∏_{j=1}^k W_{hh}^T D_j) \\frac{∂ℓ}{∂h_T}",
      "W_{hh} = s I, \\quad D_j = I: \\quad \\frac{∂ℓ}{∂h_{T−k}} = s^k \\frac{∂ℓ}{∂h_T}, \\quad "
        + "k_{½} = \\frac{ln 2}{|ln s|}",
      "c_t = f_t ⊙ c_{t−1} + …, \\quad f_t = σ(a_t) ≈ σ(b)",
    ]
  ) { settings in
    let (length, width) = (settings.count("length"), settings.count("width"))
    let factors = settings.list("factors")
    let linear = try factors.map { factor in
      try ThroughTime.shares(
        ThroughTime.linear(factor), length: length, width: width, seed: settings.seed,
        withInputs: false)
    }
    let cells = ThroughTime.cells
    let runs = try settings.overSeeds { seed in
      try cells.map { cell in
        try ThroughTime.shares(
          cell.specification, length: length, width: width, seed: seed, withInputs: true)
      }
    }
    /// The factor a step of a cell, one for each seed.
    let rates = cells.indices.map { cell in runs.map { ThroughTime.rate($0[cell]) } }
    let measured = rates.map(\.median)

    var result = LessonResult()
    result.numbers = [
      "powers": .numbers(linear.map { $0.last ?? .nan }),
      "halves": .numbers(factors.map { log(2) / abs(log($0)) }), "last": .count(length - 1),
      "gate-three": .number(sigmoid(3)),
      "half-three": .number(log(2) / -log(sigmoid(3))),
    ]
    for (cell, rate) in zip(cells, measured) {
      result.numbers["rate \(cell.name)"] = .number(rate)
    }
    for (factor, shares) in zip(factors, linear) {
      // Where all powers up to k have all their digits.
      let lag = min(length - 1, Int(min(650 / abs(log(factor)), 1e6)))
      // Each step rounds once.
      result.checks.append(
        LessonCheck(
          "\(factor.plainText)^\(lag)", predicted: pow(factor, Double(lag)), measured: shares[lag],
          .relative(1e-15 * Double(length))))
    }
    for (cell, rate) in zip(cells, measured) {
      result.checks.append(
        LessonCheck("rate \(cell.name)", predicted: cell.predicted, measured: rate, cell.tolerance))
    }
    func line(_ name: String, _ shares: [[Double]]) -> LessonLine {
      LessonLine(name, over: shares, at: (0..<length).map { Double($0) })
    }
    result.panels = [
      LessonPanel(
        name: "decay",
        lines: zip(factors, linear).map { line("s = \($0.plainText)", [$1]) }
          + cells.enumerated().map { place, cell in line(cell.name, runs.map { $0[place] }) }),
      LessonPanel(
        name: "rate",
        lines: [
          LessonLine(
            "predicted",
            points: (factors + cells.map(\.predicted)).enumerated().map {
              Chart.Point(x: Double($0), y: $1)
            }, mark: .points),
          LessonLine(
            "measured",
            over: settings.seeds.indices.map { seed in
              linear.map(ThroughTime.rate) + rates.map { $0[seed] }
            }, at: (0..<factors.count + cells.count).map { Double($0) }, mark: .points),
        ], categories: factors.map { "s = \($0.plainText)" } + cells.map(\.name),
        levels: [("one", 1)], isLogarithmic: false),
    ]
    return result
  }
}

/// Fresh recurrent networks and their gradient through time.
enum ThroughTime {
  /// A cell with what is predicted of the factor by which a step back multiplies the gradient.
  struct Measured: Sendable {
    let name: String
    let specification: CellSpecification
    let predicted: Double
    let tolerance: LessonCheck.Tolerance
  }

  /// As each starts by default; the LSTM with three forget biases.
  ///
  /// A matrix of H² numbers uniform in ±1/√H has variance 1/(3H): it multiplies the length of a vector by
  /// √⅓, give or take 1/√H of it, which tanh′ ≤ 1 lowers a little: a tenth at H = 64. Of the gated cells only
  /// the way through the gate is predicted, to which the recurrent weights add.
  static let cells: [Measured] = {
    func lstm(_ bias: Double) -> Measured {
      var specification = CellSpecification(.lstm)
      specification.forgetBias = bias
      return Measured(
        name: "lstm \(bias.plainText)", specification: specification, predicted: sigmoid(bias),
        tolerance: .atLeast)
    }
    return [
      Measured(
        name: "rnn", specification: CellSpecification(.rnn), predicted: (1.0 / 3).squareRoot(),
        tolerance: .relative(0.1)),
      Measured(
        name: "gru", specification: CellSpecification(.gru), predicted: 0.5, tolerance: .atLeast),
      lstm(0), lstm(1), lstm(3),
    ]
  }()

  /// h_t = s·h_{t−1} + W x_t.
  static func linear(_ factor: Double) -> CellSpecification {
    var specification = CellSpecification(.rnn)
    specification.activation = .identity
    specification.initializer = .identity(factor)
    return specification
  }

  /// The norm of the gradient by the state at each lag, by c where there is one, as a share of that at lag
  /// 0. The loss is the squared error at the last step.
  ///
  /// - Parameter withInputs: whether the sequences are those of the adding problem rather than zeros, which
  ///   keep the state of a linear network at 0, however large s is.
  static func shares(
    _ specification: CellSpecification, length: Int, width: Int, seed: UInt64, withInputs: Bool
  ) throws -> [Double] {
    let task = try AddingTask(length: length, seed: seed)
    let model = RecurrentModel(
      specification, ModelConfiguration(input: task.input, target: task.target, hidden: width))
    let batch = Batch<Double>(task.batchShape(steps: length, rows: 8))
    task.fill(batch, from: BatchLocation(split: .validation, sequence: 0, rows: 8))
    if !withInputs { batch.inputs.fill(0) }
    let meter = DecayMeter(model, batch: batch)
    let path: DecayPath = model.cell.hasCellState ? .cell : .hidden
    let parameters: Parameters<Double> = model.initialParameters(specification, seed: seed)
    let curves = meter.curves(under: parameters)
    let means = curves.first { $0.path == path }?.means ?? []
    return means.map { $0 / (means.first ?? .nan) }
  }

  /// The factor a step that fits the shares.
  static func rate(_ shares: [Double]) -> Double { DecayFit(means: shares).rate ?? .nan }
}
