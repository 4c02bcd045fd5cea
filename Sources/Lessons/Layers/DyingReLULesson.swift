import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization

extension Lesson {
  /// A rate that is too large turns ReLUs off for good; with a slope on both sides the same units come back.
  public static let dyingReLU = Lesson(
    "dying-relu", parameters: [.rate(5)], seeds: 10,
    formulas: [
      "∀ x: u ≤ 0 \\quad ⇒ \\quad ReLU′(u) = 0, \\quad \\frac{∂L}{∂w} = 0",
      "u < 0: \\quad ReLU′ = 0, \\quad LeakyReLU′ = 0.01, \\quad PReLU′ = a, \\quad ELU′ = e^u",
    ]
  ) { settings in
    let rate = settings.number("rate")
    let runs = try settings.overSeeds { KilledNetwork(seed: $0, rate: rate).run() }
    let names = KilledNetwork.successors.map(\.name)
    let layers = (1...KilledNetwork.depth).map { "layer \($0)" }
    let guess = log(2.0)
    let isCut = runs.map { $0.killed.contains(1) }
    let cut = zip(runs, isCut).filter(\.1).map(\.0)
    func losses(_ place: Int) -> [Double] { runs.map { $0.losses[place].last ?? .nan } }
    /// The median share of units that are on again at one moment of the training, for some activations.
    func revived(_ places: Range<Int>, _ moment: ([Double]) -> Double?) -> LessonValue {
      .list(
        places.map { place in .percent(runs.map { moment($0.revived[place]) ?? .nan }.median) })
    }
    let alive = runs.map { $0.firstLayerRevived[0] }
    var result = LessonResult()
    result.checks = [
      LessonCheck("forever", predicted: 0, measured: alive.largest, .absolute(0))
    ]
    if !cut.isEmpty {
      result.checks += [
        LessonCheck(
          "cut gradient", predicted: 0, measured: cut.map(\.cutGradient).largest, .absolute(0)),
        LessonCheck(
          "cut loss", predicted: guess, measured: cut.map { $0.losses[0].last ?? .nan }.least,
          .atLeast),
      ]
    }
    // Units that are off from the start are no work of the rate's.
    let (mean, started) = (runs.map(\.meanKilled).median, runs.map(\.meanStarted).median)
    let kills = mean > 2 * started
    if !cut.isEmpty {
      // By losses: another activation turns units on at once, since the layers below put out other numbers.
      let ahead = cut.count { ($0.losses[1].last ?? .nan) < ($0.losses[0].last ?? .nan) }
      // A slope of 0.01 passes little, so a network may be no better for it: of most networks.
      result.checks.append(
        LessonCheck(
          "ahead", predicted: (Double(cut.count) / 2).rounded(.up), measured: Double(ahead),
          .atLeast))
    }
    for place in names.indices.dropFirst(2) {
      result.checks.append(
        LessonCheck(
          "end \(names[place])", predicted: guess, measured: losses(place).median, .atMost))
    }
    result.numbers = [
      "guess": .number(guess), "cut": .count(cut.count),
      "mean": .percent(mean), "started": .percent(started),
      "swapped": revived(1..<names.count, \.first),
      "worst": .percent(runs.map { $0.killed.max() ?? 0 }.median),
      "relu-loss": .number(losses(0).median),
      "losses": .numbers(names.indices.dropFirst().map { losses($0).median }),
      "relu-revived": revived(0..<1, \.last), "revived": revived(1..<names.count, \.last),
      "slopes": .numbers(
        (0..<KilledNetwork.depth).map { layer in runs.map { $0.slopes[layer] }.median }),
      "updates": .count(KilledNetwork.updates), "recovery": .count(KilledNetwork.recovery),
      "low-rate": .number(KilledNetwork.lowRate),
    ]
    result.findings = [
      cut.isEmpty ? "finding" : "finding cut", kills ? "finding killed" : "finding started",
      "finding revival",
    ]
    let places = (0...KilledNetwork.recovery / KilledNetwork.interval).map {
      Double($0 * KilledNetwork.interval)
    }
    result.panels = [
      LessonPanel(
        name: "dead",
        lines: [
          LessonLine(
            "started", over: runs.map(\.started), at: layers.indices.map(Double.init),
            mark: .points),
          LessonLine(
            "killed", over: runs.map(\.killed), at: layers.indices.map(Double.init), mark: .points),
        ]
          + names.indices.map { place in
            LessonLine(
              names[place], over: runs.map { $0.ended[place] }, at: layers.indices.map(Double.init),
              mark: .points)
          }, categories: layers, isLogarithmic: false),
      LessonPanel(
        name: "revived",
        lines: names.indices.map { place in
          LessonLine(names[place], over: runs.map { $0.revived[place] }, at: places)
        }, isLogarithmic: false),
      LessonPanel(
        name: "loss",
        lines: names.indices.map { place in
          LessonLine(names[place], over: runs.map { $0.losses[place] }, from: 0)
        }, levels: [("guess", guess)]),
    ]
    return result
  }
}

/// A ReLU network after a training at a rate that is too large, trained on at a small one as it is and with
/// other activations in place of ReLU.
private struct KilledNetwork {
  struct Outcome {
    /// The share of units of each layer that are off for every row, before the training and after the large
    /// rate.
    var started, killed: [Double]
    /// The largest gradient there of the weights of the topmost dead layer, or of one below it.
    var cutGradient = 0.0
    /// For each activation: the same share after the small rate; of the units that were off, the share
    /// that is on again as training goes on; that of the first layer at the end; the losses.
    var ended: [[Double]] = []
    var revived: [[Double]] = []
    var firstLayerRevived: [Double] = []
    var losses: [[Double]] = []
    /// PReLU's slope of each layer at the end.
    var slopes: [Double] = []

    var meanStarted: Double { Self.mean(started) }
    var meanKilled: Double { Self.mean(killed) }

    private static func mean(_ shares: [Double]) -> Double {
      shares.reduce(0, +) / Double(shares.count)
    }
  }

  static let successors: [(name: String, activation: Activation)] = [
    ("ReLU", .relu), ("leaky", .leakyRelu(slope: 0.01)), ("PReLU", .prelu), ("ELU", .elu(alpha: 1)),
  ]
  static let (width, depth) = (32, 3)
  static let (updates, recovery, interval) = (30, 600, 20)
  static let lowRate = 0.05
  let data: FeedForwardData
  let seed: UInt64
  let rate: Double

  init(seed: UInt64, rate: Double) {
    self.seed = seed
    self.rate = rate
    data = .twoSpirals(rows: 200, seed: seed)
  }

  private func network(_ activation: Activation) -> FeedForwardNetwork {
    FeedForwardNetwork(
      FeedForwardSpecification(activation, .he), inputs: 2, width: Self.width, depth: Self.depth,
      outputs: 2)
  }

  private func trainer(
    _ network: FeedForwardNetwork, _ parameters: Parameters<Double>, rate: Double
  ) -> FeedForwardTrainer {
    var settings = FeedForwardTrainingSettings(rate: rate)
    settings.clipping = .norm(1)
    return FeedForwardTrainer(network, parameters, on: data, settings: settings)
  }

  func run() -> Outcome {
    let relu = network(.relu)
    let killed = relu.initialParameters(seed: seed)
    let started = unitsOff(relu, killed)
    _ = trainer(relu, killed, rate: rate).run(Self.updates)
    let off = unitsOff(relu, killed)
    var outcome = Outcome(started: started.map(Self.share), killed: off.map(Self.share))
    let pass = FeedForwardPass<Double>(relu, rows: data.rows)
    let gradient = Parameters<Double>(relu.layout)
    pass.forward(killed, data.inputs)
    _ = pass.loss(data.targets)
    pass.backward(killed, into: gradient)
    // Of the topmost dead layer and what lies below it; above, biases alone can still keep units on.
    outcome.cutGradient =
      (0...(outcome.killed.lastIndex(of: 1) ?? 0)).map { gradient["layers.\($0).weight"].norm }
      .max() ?? 0
    for (_, activation) in Self.successors {
      trainOn(activation, from: killed, off, into: &outcome)
    }
    return outcome
  }

  private func trainOn(
    _ activation: Activation, from killed: Parameters<Double>, _ off: [[Bool]],
    into outcome: inout Outcome
  ) {
    let network = network(activation)
    let parameters = network.initialParameters(seed: seed)
    for entry in killed.layout.entries { parameters[entry.name].assign(killed[entry.name]) }
    let trainer = trainer(network, parameters, rate: Self.lowRate)
    func revived() -> [Double] {
      zip(off, unitsOff(network, parameters)).map { before, now in
        let back = zip(before, now).count { $0 && !$1 }
        return Double(back)
      }
    }
    let all = Double(off.reduce(0) { $0 + $1.count { $0 } })
    func revivedShare() -> Double { all == 0 ? 0 : revived().reduce(0, +) / all }
    var (shares, losses) = ([revivedShare()], [Double]())
    for _ in 0..<Self.recovery / Self.interval {
      losses += trainer.run(Self.interval).map(\.loss)
      shares.append(revivedShare())
    }
    losses.append(network.measure(parameters, on: data).loss)
    outcome.losses.append(losses)
    outcome.revived.append(shares)
    outcome.firstLayerRevived.append(revived()[0])
    outcome.ended.append(unitsOff(network, parameters).map(Self.share))
    if activation == .prelu {
      outcome.slopes = (0..<Self.depth).map { parameters["slopes.\($0).weight"][0, 0] }
    }
  }

  private static func share(_ units: [Bool]) -> Double {
    Double(units.count { $0 }) / Double(units.count)
  }

  /// Of each layer, the units whose pre-activation is at most 0 for every row.
  private func unitsOff(
    _ network: FeedForwardNetwork, _ parameters: Parameters<Double>
  ) -> [[Bool]] {
    let pass = FeedForwardPass<Double>(network, rows: data.rows)
    pass.forward(parameters, data.inputs)
    return (0..<network.depth).map { layer in
      let inputs = layer == 0 ? data.inputs : pass.hidden(layer)
      let sums = Matrix<Double>(rows: data.rows, columns: Self.width)
      sums.fillRows(parameters["layers.\(layer).bias"])
      sums.formProduct(
        inputs, parameters["layers.\(layer).weight"], transposing: .right, adding: true)
      let values = sums.values
      return (0..<Self.width).map { unit in
        stride(from: unit, to: values.count, by: Self.width).allSatisfy { values[$0] <= 0 }
      }
    }
  }
}
