import UnrollFileFormats
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// The results of a ``SweepStudy``, summed up over the seeds: as JSON, as a figure and, in the program,
/// as a table.
public struct SweepSummary {
  let plans: [TrainingPlan]
  let hasCriterion: Bool
  let options: [String]
  let groups: [SweepGroup]
  let shown: (SweepSetting) -> [String]
  let pairs: [SweepPair]?
  let against: String?
  let missing: Int
  let shard: (name: String, runsOfAll: Int)?

  /// - Parameters:
  ///   - plans: a training plan of each setting.
  ///   - hasCriterion: whether a task can be solved.
  ///   - options: the options that are varied.
  ///   - groups: the settings, in the order in which they are shown.
  ///   - shown: the values of a setting as people read them, which may be blank in a grid.
  ///   - pairs: the settings beside the one that they are compared with; nil without it.
  ///   - against: what they are compared with, in words: `clip none`.
  ///   - missing: the number of runs still to be made.
  ///   - shard: which shard this is, `1/4`, and of how many runs; nil for a whole sweep.
  public init(
    plans: [TrainingPlan], hasCriterion: Bool, options: [String], groups: [SweepGroup],
    shown: @escaping (SweepSetting) -> [String] = \.values, pairs: [SweepPair]? = nil,
    against: String? = nil, missing: Int = 0,
    shard: (name: String, runsOfAll: Int)? = nil
  ) {
    require(!plans.isEmpty, "expected the plan of a setting, got none")
    self.plans = plans
    self.hasCriterion = hasCriterion
    self.options = options
    self.groups = groups
    self.shown = shown
    self.pairs = pairs
    self.against = against
    self.missing = missing
    self.shard = shard
  }

  // MARK: For programs

  /// The task, and every setting and pair under the names of their tables.
  public var json: JSONValue {
    func objects(_ columns: [String], _ rows: [[CSVField]]) -> JSONValue {
      .array(
        rows.map { row in
          var object = JSONObject()
          for (column, field) in zip(columns, row) { object[column] = field.json }
          return .object(object)
        })
    }
    return [
      "outcome": .string((missing == 0 ? RunOutcome.finished : .interrupted).rawValue),
      "missing_runs": .integer(missing), "task": .string(plan.task.name),
      "baseline_loss": JSONValue(baseline),
      "options": .array(options.map { .string($0) }),
      "kernels": .array(kernels.map { .string($0.name) }),
      "groups": objects(
        SweepGroup.columns(options), groups.map { $0.row(hasCriterion: hasCriterion) }),
      "pairs": pairs.map {
        objects(SweepPair.columns(options), $0.map { $0.row(hasCriterion: hasCriterion) })
      } ?? .null,
    ]
  }

  // MARK: What all settings share

  /// The plan of a setting, for what all share.
  var plan: TrainingPlan { plans[0] }

  /// The loss of a model that has learned nothing; nil where settings differ in it.
  var baseline: Double? {
    let losses = plans.map(\.task.baselineLoss).distinct
    return losses.count == 1 ? losses[0] : nil
  }

  var runs: Int { groups.reduce(0) { $0 + $1.results.count } }

  /// Under which kernels runs were computed, and how many of them.
  var kernels: [(name: String, runs: Int)] {
    groups.flatMap(\.results).grouped(by: \.origin.kernels).map {
      (name: $0.key, runs: $0.elements.count)
    }
  }

  var title: String {
    let task = options.contains("task") ? "several tasks" : plan.task.name
    return options.isEmpty ? "\(task), over seeds" : "\(task), over \(options.listed("and"))"
  }

  /// The sizes that all runs share: those that are varied are left out.
  var sizes: String {
    var parts: [String] = []
    if !options.contains("length"), let lengths { parts.append("T \(lengths)") }
    if !options.contains("cell") { parts.append(cell) }
    if !options.contains("hidden") { parts.append("H \(plan.configuration.hidden)") }
    if !options.contains("batch") { parts.append("B \(plan.settings.batch)") }
    if !options.contains("clip") { parts.append("clip \(plan.settings.clipping)") }
    if !options.contains("steps") {
      parts.append(
        (plan.settings.stopsWhenSolved ? "up to " : "")
          + NumberText.count(plan.settings.updates, "update"))
    }
    if let seeds = SeedWords.text(groups.map { $0.results.map(\.seed) }) { parts.append(seeds) }
    return parts.joined(separator: ", ")
  }

  /// The cell with the parts that all settings share: `rnn/activation=relu` where `init` is varied.
  private var cell: String {
    "\(plan.specification)".split(separator: "/")
      .filter { part in !options.contains { part.hasPrefix("\($0)=") } }
      .joined(separator: "/")
  }

  /// The time steps of the tasks that are no stream; nil without one.
  private var lengths: String? {
    let plans = plans.filter { !$0.task.isStream }
    func steps(_ plan: TrainingPlan) -> Int {
      plan.task.timeSteps(in: .train, rows: plan.settings.batch)
    }
    return plans.isEmpty ? nil : text(of: plans, steps) { "\($0)" }
  }

  /// `baseline 0.1667`, or `baselines 0.1667 in adding, 2.303 in copy`.
  var baselines: String {
    (baseline == nil ? "baselines " : "baseline ")
      + text(of: plans, \.task.baselineLoss) { NumberText.significant($0) }
  }

  /// What settings have: one value, one for each task where these are varied, or from the least to the
  /// largest.
  private func text<Value: Hashable & Comparable>(
    of plans: [TrainingPlan], _ value: (TrainingPlan) -> Value, shown: (Value) -> String
  ) -> String {
    func range(_ plans: [TrainingPlan]) -> String {
      let values = plans.map(value)
      guard let least = values.min(), let most = values.max() else { return "" }
      return least == most ? shown(least) : "\(shown(least)) to \(shown(most))"
    }
    guard options.contains("task"), Set(plans.map(value)).count > 1 else { return range(plans) }
    return plans.grouped(by: \.task.name).map { "\(range($0.elements)) in \($0.key)" }
      .joined(separator: ", ")
  }
}
