import Foundation
import UnrollDenseMath
import UnrollFigures
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollTraining

extension Lesson {
  /// The lag that a task needs, how far a fresh RNN's gradient reaches, and what would help.
  public static let remediesThroughTime = Lesson(
    "remedies-through-time", parameters: [.length(50, in: 8...500), .width(32, in: 4...128)],
    seeds: 5,
    formulas: [
      "r = max_{g(k) ≥ 0.01 g(0)} k",
      "g(k) = s^k g(0): \\quad r = \\frac{ln 100}{−ln s}",
      "s ≥ σ(b), \\quad σ(ln T) = \\frac{T}{T + 1}",
    ]
  ) { settings in
    let (length, width) = (settings.count("length"), settings.count("width"))
    let window = 5
    let lag = try AddingTask(length: length, seed: settings.seed).neededLag?.lag ?? length - 1
    let runs = try settings.overSeeds { seed in
      let task = try AddingTask(length: length, seed: seed)
      let data = try DecayData(task, rows: 16)
      let plan = RemedyPlan(
        needed: NeededLag(lag, of: "the first marked number, at its earliest"),
        truncation: .windows(period: window, depth: window), timing: 0)
      let subject = DecaySubject(CellSpecification(.rnn), on: data, hidden: width, seed: seed)
      let models = try DecayStudy(subjects: [subject], data: data, seed: seed).measure([plan])
      return models.flatMap { $0.entries(of: plan) }
    }
    let changes = (runs.first ?? []).map(\.remedy)
    let names = changes.map { $0.lessonName(steps: length) }
    func over(_ name: String) -> [MeasuredRemedy] {
      names.firstIndex(of: name).map { place in runs.map { $0[place] } } ?? []
    }
    func reach(_ name: String) -> Double { over(name).map { Double($0.reach ?? 0) }.median }
    func enough(_ name: String) -> Int {
      over(name).count { [.reaches, .cut].contains($0.outcome) }
    }
    // The window is not of the other changes: it would cut them off as well.
    let helping = names.filter { $0 != "window" && 2 * enough($0) > runs.count }
    let growing = names.filter { name in 2 * over(name).count { $0.outcome == .grows } > runs.count
    }
    func reach(ofFactor factor: Double) -> Double {
      min((log(100) / -log(factor)).rounded(.down), Double(lag))
    }
    let inputs = 2
    func weights(_ remedy: Remedy) -> Double {
      RecurrentModel(
        remedy.specification,
        ModelConfiguration(input: .values(inputs), target: .values(1), hidden: width)
      ).multiplications
    }
    let given = changes.first.map(weights) ?? .nan

    var result = LessonResult()
    result.findings = [
      "finding", helping.isEmpty ? "finding none" : "finding some",
      growing.isEmpty ? "finding holds" : "finding grows", "finding cost",
    ]
    result.numbers = [
      "lag": .count(lag), "reach": .count(Int(reach("as given"))), "window": .count(window),
      "reach-gru": .count(Int(reach("gru"))), "reach-lstm": .count(Int(reach("lstm 1"))),
      "reach-window": .count(Int(reach("window"))), "helping": .names(helping),
      "growing": .names(growing),
      "left": .scientific(over("as given").map { $0.shareAtNeeded ?? .nan }.median),
      "left-lstm": .scientific(over("lstm 1").map { $0.shareAtNeeded ?? .nan }.median),
    ]
    // A factor a step that is a tenth off moves the RNN's 8 steps by one.
    result.checks = [
      LessonCheck(
        "rnn", predicted: reach(ofFactor: (1.0 / 3).squareRoot()), measured: reach("as given"),
        .absolute(1)),
      LessonCheck("window", predicted: Double(window - 1), measured: reach("window"), .atMost),
      LessonCheck("gru", predicted: reach(ofFactor: 0.5), measured: reach("gru"), .atLeast),
      LessonCheck(
        "lstm 1", predicted: reach(ofFactor: sigmoid(1)), measured: reach("lstm 1"),
        .atLeast),
      LessonCheck(
        "lstm 3", predicted: reach(ofFactor: sigmoid(3)), measured: reach("lstm 3"),
        .atLeast),
      LessonCheck(
        "lstm ln T", predicted: reach(ofFactor: Double(length) / Double(length + 1)),
        measured: reach("lstm ln T"), .atLeast),
    ]
    let places = names.indices.map(Double.init)
    result.panels = [
      LessonPanel(
        name: "left",
        lines: names.filter { $0 != "window" }.map { name in
          LessonLine(name, over: over(name).map(\.shares), at: (0..<length).map { Double($0) })
        }, levels: [("one percent", MeasuredRemedy.leastShare)]),
      LessonPanel(
        name: "reach",
        lines: [
          LessonLine(
            "reach", over: runs.map { $0.map { Double($0.reach ?? 0) } }, at: places, mark: .points)
        ], categories: names, levels: [("needed", Double(lag))], isLogarithmic: false),
      LessonPanel(
        name: "cost",
        lines: [
          LessonLine(
            "cost",
            points: zip(places, changes).map { Chart.Point(x: $0, y: weights($1) / given) },
            mark: .bar)
        ], categories: names, isLogarithmic: false),
    ]
    return result
  }
}

extension RecurrentModel {
  /// The multiplications of a step's matrix products for one sequence: as many as these have weights.
  fileprivate var multiplications: Double {
    let weights = Parameters<Double>(layout)
    return ["weight_ih_l0", "weight_hh_l0"].reduce(0) { $0 + Double(weights[$1].count) }
  }
}

extension Remedy {
  /// What the change is called among the lesson's texts.
  fileprivate func lessonName(steps: Int) -> String {
    switch change {
    case .asGiven: "as given"
    case .freshWeights: "fresh"
    case .window: "window"
    case .forgetBias(let bias): "bias \(bias.plainText)"
    case .orthogonal: "orthogonal"
    case .identityWithReLU: "identity"
    case .cell:
      switch specification.forgetBias {
      case let bias? where specification.kind == .lstm:
        bias.rounded() == bias ? "lstm \(bias.plainText)" : "lstm ln T"
      default: specification.kind.name
      }
    }
  }
}
