/// The runs of one setting of a sweep, as its figures show them.
public struct SweepFigureGroup: Sendable {
  /// The value of each option that is varied.
  public var values: [String]
  /// The seeds of the runs.
  public var seeds: Set<Int>
  /// The number of runs that diverged.
  public var diverged: Int
  /// The share of runs that solved the task with its interval; nil for a task without a criterion.
  public var solved: (share: Double, low: Double, high: Double)?
  /// The median loss and its quartiles; infinite where half of the runs, or a quarter, diverged.
  public var loss: (median: Double, low: Double, high: Double)?

  /// The number of runs.
  var runs: Int { seeds.count }

  /// Whether so many runs diverged that there is no median loss.
  var isDiverged: Bool { loss?.median.isFinite == false }

  /// A group of runs.
  public init(
    values: [String], seeds: some Sequence<Int>, diverged: Int = 0,
    solved: (share: Double, low: Double, high: Double)?,
    loss: (median: Double, low: Double, high: Double)?
  ) {
    self.values = values
    self.seeds = Set(seeds)
    self.diverged = diverged
    self.solved = solved
    self.loss = loss
  }
}

/// Which settings of a sweep lack runs that others have, as after an interruption, or have other seeds.
struct SweepRunCounts {
  private let all: Set<Int>
  private let isEven: Bool

  init(_ groups: [SweepFigureGroup]) {
    all = groups.reduce(into: []) { $0.formUnion($1.seeds) }
    isEven = groups.allSatisfy { [all] in $0.seeds == all }
  }

  /// What stands beside a setting without a run of every seed: `n 3`; nil for others.
  func mark(_ group: SweepFigureGroup) -> String? {
    group.seeds == all ? nil : "n \(group.runs)"
  }

  /// What the marks mean, for the line below the title; nil where there is none.
  var note: String? { isEven ? nil : "n: runs, where not of all \(all.count) seeds" }
}
