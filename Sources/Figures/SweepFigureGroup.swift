/// The runs of one setting of a sweep, as its figures show them.
public struct SweepFigureGroup: Sendable {
  /// The value of each option that is varied.
  public var values: [String]
  /// The number of runs.
  public var runs: Int
  /// The share of runs that solved the task with its interval; nil for a task without a criterion.
  public var solved: (share: Double, low: Double, high: Double)?
  /// The median loss and its quartiles; infinite where half of the runs, or a quarter, diverged.
  public var loss: (median: Double, low: Double, high: Double)?

  /// Whether so many runs diverged that there is no median loss.
  var isDiverged: Bool { loss?.median.isFinite == false }

  /// A group of runs.
  public init(
    values: [String], runs: Int, solved: (share: Double, low: Double, high: Double)?,
    loss: (median: Double, low: Double, high: Double)?
  ) {
    self.values = values
    self.runs = runs
    self.solved = solved
    self.loss = loss
  }
}

/// Which settings of a sweep have fewer runs than others, as after an interruption.
struct SweepRunCounts {
  private let most: Int
  private let isEven: Bool

  init(_ groups: [SweepFigureGroup]) {
    most = groups.map(\.runs).max() ?? 0
    isEven = groups.allSatisfy { [most] in $0.runs == most }
  }

  /// What stands beside a setting with fewer runs than another: `n 3`; nil for others.
  func mark(_ group: SweepFigureGroup) -> String? {
    group.runs < most ? "n \(group.runs)" : nil
  }

  /// What the marks mean, for the line below the title; nil where there is none.
  var note: String? { isEven ? nil : "n: runs, where fewer than \(most)" }
}
