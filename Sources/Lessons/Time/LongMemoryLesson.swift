import Foundation
import UnrollDenseMath
import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

extension Lesson {
  /// What the forget gates of an LSTM do while it learns the adding problem, and why their mean says so little
  /// of its gradient afterwards.
  public static let longMemory = Lesson(
    "long-memory",
    parameters: [
      .length(40, in: 2...200), .width(32, in: 2...128), .steps(2_000, in: 1...20_000),
    ],
    seeds: 10,
    formulas: [
      "c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t, \\quad \\frac{∂c_T}{∂c_{T−k}} = diag(∏_{j=0}^{k−1} f_{T−j}) + …",
      "m_k = exp(\\frac{1}{H} ∑_u ∑_j ln f_{T−j, u})",
      "u_k = \\sqrt{∑_u (\\frac{∂ℓ}{∂c_{T, u}} ∏_j f_{T−j, u})^2}",
    ]
  ) { settings in
    let length = settings.count("length")
    let runs = try settings.overSeeds { seed in
      try LongMemory(
        length: length, width: settings.count("width"), updates: settings.count("steps"), seed: seed
      )
    }
    let baseline = try AddingTask(length: length, seed: settings.seed).baselineLoss
    let learned = runs.count { $0.loss < 0.1 * baseline }
    let lags = (0..<length).map { Double($0) }
    func left(_ gates: (LongMemory) -> GateCurve?, _ logs: (GateCurve) -> [Double]) -> [[Double]] {
      runs.compactMap(gates).map { logs($0).map { exp($0) } }
    }
    func last(_ shares: [[Double]]) -> Double { shares.map { $0.last ?? .nan }.median }
    func decay(_ name: String, _ gates: (LongMemory) -> GateCurve?) -> LessonPanel {
      LessonPanel(
        name: name,
        lines: [
          LessonLine("gradient", over: left(gates, \.logDecays), at: lags),
          LessonLine("units", over: left(gates, \.logCarried), at: lags),
          LessonLine("mean", over: left(gates, \.logProducts), at: lags),
        ])
    }
    let before = { (run: LongMemory) in run.gates.first }
    let after = { (run: LongMemory) in run.gates.last }
    func gate(_ place: Double, _ gates: (LongMemory) -> GateCurve?) -> Double {
      runs.compactMap(gates).map { LongMemory.quantile($0.unitGates, place) }.median
    }
    func half(_ gate: Double) -> Double { log(2) / -log(gate) }
    let starts = (mean: last(left(before, \.logProducts)), units: last(left(before, \.logCarried)))
    let ends = (
      gradient: last(left(after, \.logDecays)), units: last(left(after, \.logCarried)),
      mean: last(left(after, \.logProducts))
    )
    /// How far both are from the gradient.
    let distances = (
      mean: abs(log(ends.mean / ends.gradient)), units: abs(log(ends.units / ends.gradient))
    )
    let places = (runs.first?.updates ?? []).map(Double.init)

    var result = LessonResult()
    result.findings = [
      "finding start", 2 * learned >= runs.count ? "finding learned" : "finding not learned",
      ends.units >= 10 * ends.mean && distances.units <= distances.mean
        ? "finding apart" : "finding alike",
    ]
    result.numbers = [
      "last": .count(length - 1), "learned": .count(learned), "baseline": .number(baseline),
      "loss": .number(runs.map(\.loss).median),
      "start-gradient": .number(last(left(before, \.logDecays))),
      "start-units": .number(starts.units), "start-mean": .number(starts.mean),
      "end-gradient": .number(ends.gradient), "end-units": .number(ends.units),
      "end-mean": .number(ends.mean), "start-gate": .number(gate(0.5, before)),
      "end-gate": .number(gate(0.5, after)), "end-open": .number(gate(1, after)),
      "start-open": .number(gate(1, before)), "end-closed": .number(gate(0, after)),
      "half-start": .number(half(gate(1, before))), "half-end": .number(half(gate(1, after))),
      "spread": .scientific(ends.units / ends.mean),
    ]
    // Biases start within 1/√H = 0.18 of 1, and σ′(1) is 0.2: so gates start within 5% of σ(1). Over 39 steps the
    // most open one keeps e^1.8 of what the mean gate keeps, which is less than a fifth of the logarithm.
    // Ten times what the mean gate keeps is more than that.
    result.checks = [
      LessonCheck(
        "start", predicted: sigmoid(1), measured: gate(0.5, before), .relative(0.05)),
      LessonCheck(
        "alike", predicted: log(starts.mean), measured: log(starts.units), .relative(0.2)),
      LessonCheck("open", predicted: gate(1, before), measured: gate(1, after), .atLeast),
      LessonCheck("apart", predicted: 10 * ends.mean, measured: ends.units, .atLeast),
      LessonCheck(
        "nearer", predicted: distances.mean, measured: distances.units, .atMost),
    ]
    result.panels = [
      decay("start", before), decay("end", after),
      LessonPanel(
        name: "gates",
        lines: [("most open", 1.0), ("upper quarter", 0.75), ("middle", 0.5), ("least open", 0)].map
        {
          name, place in
          LessonLine(
            name,
            over: runs.map { $0.gates.map { LongMemory.quantile($0.unitGates, place) } }, at: places
          )
        }, levels: [("bias one", sigmoid(1))], isLogarithmic: false),
    ]
    return result
  }
}

/// An LSTM that learns the adding problem, with its gates and its gradient between updates.
struct LongMemory: Sendable {
  /// The updates before each measurement.
  let updates: [Int]
  /// One for each measurement.
  let gates: [GateCurve]
  /// On the validation data, at the end.
  let loss: Double

  /// - Throws: `TrainingError`.
  init(length: Int, width: Int, updates: Int, seed: UInt64) throws {
    let task = try AddingTask(
      length: length, seed: seed, heldOut: HeldOutCounts(validation: 200, test: 1))
    var settings = TrainingSettings()
    settings.updates = updates
    settings.evaluateEvery = updates
    settings.schedule = LearningRateSchedule(base: 0.01, horizon: updates)
    let specification = CellSpecification(.lstm)
    let trainer = try Trainer<Float>(
      specification, ModelConfiguration(input: task.input, target: task.target, hidden: width),
      task: task, settings: settings, seed: seed)
    let batch = Batch<Double>(task.batchShape(steps: length, rows: 32))
    task.fill(batch, from: BatchLocation(split: .validation, sequence: 0, rows: 32))
    let parameters = Parameters<Double>(trainer.model.layout)
    var measured: (updates: [Int], gates: [GateCurve]) = ([], [])
    func measure() {
      parameters.values.assign(trainer.parameters.values.values)
      measured.updates.append(trainer.totals.updates)
      measured.gates += GradientMeasurement.measure(trainer.model, parameters, batch: batch).gates
    }
    measure()
    let every = max(1, updates / 20)
    for update in 1...updates {
      try trainer.step()
      if update % every == 0 || update == updates { measure() }
    }
    (self.updates, gates) = measured
    loss = try trainer.evaluate().loss
  }

  /// The value below which the share `place` of the units' gates lies, the next one above.
  static func quantile(_ gates: [Double], _ place: Double) -> Double {
    let ordered = gates.sorted()
    guard !ordered.isEmpty else { return .nan }
    return ordered[Int((place * Double(ordered.count - 1)).rounded())]
  }
}
