import Foundation
import UnrollFigures
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText
import UnrollTraining

extension Lesson {
  /// A recurrent network with large weights on the adding problem: plain, and with what the notes name against
  /// exploding gradients.
  public static let exploding = Lesson(
    "exploding", parameters: [.length(30, in: 6...200), .steps(400, in: 20...5_000)], seeds: 10,
    formulas: [
      "‖∂ℓ/∂h_{T−k}‖ ≤ ∏_{j=1}^k ‖W_{hh}^T D_j‖ · ‖∂ℓ/∂h_T‖, \\quad ‖W_{hh}‖ ≈ 2 · 0.2 √H = 3.2, \\quad "
        + "ρ(W_{hh}) ≈ 0.2 √H = 1.6",
      "g ← g · min(1, \\frac{τ}{‖g‖})",
      "L + \\frac{λ}{2}‖θ‖^2, \\quad L(λ) → \\frac{1}{6} + (\\frac{λ}{2 + λ})^2",
    ]
  ) { settings in
    let remedies = Exploding.remedies
    let (length, updates) = (settings.count("length"), settings.count("steps"))
    let runs = try settings.overSeeds { seed in
      try remedies.map { try Exploding($0, length: length, updates: updates, seed: seed) }
    }
    func over<Value>(_ name: String, _ value: (Exploding) -> Value) -> [Value] {
      guard let place = remedies.firstIndex(where: { $0.name == name }) else { return [] }
      return runs.map { value($0[place]) }
    }
    /// The test losses of the runs that did not explode.
    func held(_ name: String) -> [Double] {
      zip(over(name, \.testLoss), over(name, \.hasExploded)).filter { !$1 }.map(\.0)
    }
    func bad(_ name: String) -> Int { over(name, \.hasExploded).count { $0 } }
    /// The norms before each update; a run that broke off has no finite value afterwards.
    func norms(_ name: String) -> LessonLine {
      LessonLine(
        name,
        over: over(name) { run in
          run.norms + Array(repeating: .infinity, count: max(0, updates - run.norms.count))
        })
    }
    let baseline = Exploding.baseline
    /// Of the runs that hold, at least four fifths: which seeds explode hangs on the last digits, and so on
    /// the CPU, by a seed or two.
    let least = (Double(settings.seeds.count) * 0.8).rounded(.up)
    let remedied = ["clipping", "window", "lstm"]

    var result = LessonResult()
    let hold = remedied.allSatisfy { Double(settings.seeds.count - bad($0)) >= least }
    let explodes = 2 * bad("plain") >= settings.seeds.count
    result.findings = [
      explodes ? "finding plain" : "finding plain holds",
      hold ? "finding held" : "finding not held",
      held("clipping").median > 0.9 * baseline ? "finding untaught" : "finding taught",
      "finding decay", "finding cost",
    ]
    result.numbers = [
      "baseline": .number(baseline), "deviation": .name(Exploding.deviation.plainText),
      "rate": .name(Exploding.rate.plainText), "width": .count(Exploding.width),
      "largest-plain": .scientific(norms("plain").points.map(\.y).filter(\.isFinite).max() ?? .nan),
      "clipped": .percent(over("clipping", \.clippedShare).median),
      "window": .count(Exploding.window),
    ]
    for remedy in remedies {
      result.numbers["bad \(remedy.name)"] = .count(bad(remedy.name))
      let held = held(remedy.name)
      result.numbers["loss \(remedy.name)"] = .number(held.isEmpty ? .nan : held.median)
    }
    result.checks = [
      LessonCheck(
        "plain", predicted: Double(settings.seeds.count) / 2, measured: Double(bad("plain")),
        .atLeast)
    ]
    for name in remedied {
      result.checks.append(
        LessonCheck(
          "held \(name)", predicted: least,
          measured: Double(settings.seeds.count - bad(name)), .atLeast))
    }
    // The weights that are left, and the sample of 1,000 test sequences, make some percent. A few runs that hold
    // where most explode are no sample of anything.
    for remedy in remedies
    where remedy.penalty >= 3 && 2 * held(remedy.name).count >= settings.seeds.count {
      result.checks.append(
        LessonCheck(
          "loss \(remedy.name)", predicted: Exploding.loss(penalty: remedy.penalty),
          measured: held(remedy.name).median, .relative(0.15)))
    }
    let shown = ["plain", "clipping", "window", "decay 3", "lstm"]
    result.panels = [
      LessonPanel(
        name: "norm", upright: "||∂L/∂θ||",
        lines: shown.map(norms),
        ceiling: 1e6),
      LessonPanel(
        name: "test",
        lines: [
          LessonLine(
            "measured",
            points: remedies.enumerated().map { place, remedy in
              held(remedy.name).point(at: Double(place))
            }, mark: .points),
          LessonLine(
            "predicted",
            points: remedies.enumerated().filter { $1.penalty > 0 }.map { place, remedy in
              Chart.Point(x: Double(place), y: Exploding.loss(penalty: remedy.penalty))
            }, mark: .points),
        ], categories: remedies.map(\.name), levels: [("baseline", baseline)]),
      LessonPanel(
        name: "exploded",
        lines: [
          LessonLine(
            "exploded",
            points: remedies.enumerated().map { place, remedy in
              Chart.Point(x: Double(place), y: Double(bad(remedy.name)))
            }, mark: .bar)
        ], categories: remedies.map(\.name), isLogarithmic: false),
    ]
    return result
  }
}

extension [Double] {
  /// The median with the least and the largest as its range; a gap where there are none.
  fileprivate func point(at x: Double) -> Chart.Point {
    isEmpty ? Chart.Point(x: x, y: .nan) : Chart.Point(x: x, y: median, low: least, high: largest)
  }
}

/// A run of the lesson on exploding gradients.
struct Exploding: Sendable {
  static let deviation = 0.2
  static let width = 64
  static let rate = 0.02
  static let window = 5
  /// The variance of the sum of two numbers from U(0, 1): what always answering 1 costs.
  static let baseline = 1.0 / 6

  /// What is changed of the plain run.
  struct Remedy: Sendable {
    let name: String
    var cell = CellKind.rnn
    var clipping = Clipping.none
    var truncation = Truncation.full
    /// λ.
    var penalty = 0.0
  }

  static let remedies: [Remedy] =
    [
      Remedy(name: "plain"), Remedy(name: "clipping", clipping: .norm(1)),
      Remedy(name: "window", truncation: .windows(period: window, depth: window)),
    ]
    + [0.1, 1, 3, 10].map { Remedy(name: "decay \($0.plainText)", penalty: $0) }
    + [Remedy(name: "lstm", cell: .lstm)]

  /// The loss where the penalty has left of all weights a readout bias alone: the b that is best for
  /// (b − 1)² + ½ λ b² is 2/(2 + λ), short of the mean target, 1, by λ/(2 + λ).
  static func loss(penalty: Double) -> Double {
    baseline + pow(penalty / (2 + penalty), 2)
  }

  /// Before each update, without the penalty.
  let losses: [Double]
  /// ‖∂L/∂θ‖ before clipping.
  let norms: [Double]
  /// On the test data; infinite after a run that broke off.
  let testLoss: Double
  /// The share of the updates whose gradient was clipped.
  let clippedShare: Double

  /// Whether the run broke off, or the loss went beyond a thousand times that of guessing.
  var hasExploded: Bool {
    !testLoss.isFinite || losses.contains { !($0 <= 1_000 * Self.baseline) }
  }

  /// - Throws: `TrainingError` for training that cannot be run.
  init(_ remedy: Remedy, length: Int, updates: Int, seed: UInt64) throws {
    var specification = CellSpecification(remedy.cell)
    specification.initializer = .normal(Self.deviation)
    var settings = TrainingSettings()
    settings.updates = updates
    settings.evaluateEvery = updates + 1
    settings.optimizer = .sgd
    settings.schedule = LearningRateSchedule(base: Self.rate, horizon: updates)
    settings.clipping = remedy.clipping
    settings.truncation = remedy.truncation
    settings.penalty = Penalty(l2: remedy.penalty)
    let task = try AddingTask(
      length: length, seed: seed, heldOut: HeldOutCounts(validation: 1, test: 1_000))
    let trainer = try Trainer<Float>(
      specification, ModelConfiguration(input: task.input, target: task.target, hidden: Self.width),
      task: task, settings: settings, seed: seed)
    let course = try Self.train(trainer)
    losses = course.losses
    norms = course.norms
    testLoss = course.brokeOff ? .infinity : trainer.test()?.last?.loss ?? .infinity
    clippedShare = trainer.totals.clippedFraction ?? 0
  }

  /// All updates, or those up to a number that is not finite.
  private static func train(
    _ trainer: Trainer<Float>
  ) throws -> (losses: [Double], norms: [Double], brokeOff: Bool) {
    var (losses, norms) = ([Double](), [Double]())
    do {
      for _ in 0..<trainer.settings.updates {
        let penalty = trainer.settings.penalty.loss(of: trainer.parameters)
        let record = try trainer.step()
        losses.append(record.loss - penalty)
        norms.append(record.gradientNorm)
      }
    } catch TrainingError.nonFinite {
      return (losses, norms, true)
    }
    return (losses, norms, false)
  }
}
