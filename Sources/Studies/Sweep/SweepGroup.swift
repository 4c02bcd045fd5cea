import UnrollFileFormats
import UnrollText

/// The runs of one setting of a sweep, summed up over the seeds: a row of `groups.csv`.
public struct SweepGroup: Equatable, Sendable {
  /// What the runs share.
  public let setting: SweepSetting
  /// The results, in the order of the seeds.
  public let results: [SweepResult]

  /// The groups in the order in which `results` first has them.
  public static func groups(of results: [SweepResult]) -> [SweepGroup] {
    results.grouped(by: \.setting).map { SweepGroup(setting: $0.key, results: $0.elements) }
  }

  private init(setting: SweepSetting, results: [SweepResult]) {
    self.setting = setting
    self.results = results.sorted { $0.seed < $1.seed }
  }

  /// The number of runs with this outcome.
  public func count(_ outcome: RunVerdict) -> Int { results.count { $0.run.outcome == outcome } }

  /// The share of runs that solved the task.
  public var solvedShare: Double { Double(count(.solved)) / Double(results.count) }
  /// The 95% interval of ``solvedShare``; nil where all runs are one.
  public var solvedInterval: WilsonInterval? {
    isOneRun ? nil : WilsonInterval(successes: count(.solved), trials: results.count)
  }

  /// The least number of updates by which at least half of the runs had solved the task; nil where
  /// fewer did.
  public var updatesToSolve: Int? {
    OrderStatistics.updatesByWhichHalfSolved(
      results.compactMap(\.run.updatesToSolve), runs: results.count)
  }

  /// Why there is no ``updatesToSolve``.
  public var updatesToSolveNote: String? {
    updatesToSolve == nil ? "solved by \(count(.solved)) of \(results.count)" : nil
  }

  /// The losses that settings are compared by. Those that are not finite count as +∞.
  public var losses: OrderStatistics { OrderStatistics(results.map(\.comparedLoss)) }

  /// The data that ``losses`` are of: `test`, `validation`, `training`.
  public var comparedData: String { results[0].comparedData }

  /// What the losses of `groups` are called, for example `test loss`; `loss` where they are of different data.
  public static func lossName(_ groups: [SweepGroup]) -> String {
    let data = Set(groups.map(\.comparedData))
    return (data.first.map { data.count == 1 ? "\($0) " : "" } ?? "") + "loss"
  }

  /// The columns of `groups.csv` for the options that are varied. There are no times, so that the same
  /// runs give the same bytes.
  public static func columns(_ options: [String]) -> [String] {
    options + [
      "runs", "solved", "diverged", "solved_share", "solved_low", "solved_high",
      "updates_to_solve", "updates_to_solve_note", "loss", "loss_q1", "loss_median", "loss_q3",
      "loss_low", "loss_high",
    ]
  }

  /// The group as a row of ``columns(_:)``.
  ///
  /// - Parameter hasCriterion: whether the task can be solved; without it what is said of that is blank.
  package func row(hasCriterion: Bool = true) -> [CSVField] {
    let (losses, interval) = (losses, solvedInterval)
    let lossInterval = isOneRun ? nil : losses.medianInterval
    let solving: [CSVField] = [
      .number(solvedShare), CSVField(interval?.low), CSVField(interval?.high),
      CSVField(updatesToSolve), CSVField(updatesToSolveNote),
    ]
    return setting.values.map { .text($0) } + [
      .integer(results.count), hasCriterion ? .integer(count(.solved)) : .blank,
      .integer(count(.diverged)),
    ] + (hasCriterion ? solving : solving.map { _ in .blank }) + [
      .text(comparedData),
      CSVField(losses.quantile(0.25)), CSVField(losses.median), CSVField(losses.quantile(0.75)),
      CSVField(lossInterval?.lowerBound), CSVField(lossInterval?.upperBound),
    ]
  }

  /// Whether several seeds have the same numbers in everything but time: nothing depends on the seed then,
  /// as with weights from a model and data in a fixed order, and all runs are one. Of runs that became
  /// non-finite at once nothing is known.
  public var isOneRun: Bool {
    guard let first = results.first?.run, results.count > 1, first.meanNorm != nil
    else { return false }
    // Bit by bit, since a loss may be NaN.
    func numbers(_ run: RunMeasures) -> [UInt64?] {
      [
        Double(run.updates), run.finalLoss, run.bestLoss, run.testLoss, run.bestTestLoss,
        run.clippedFraction, run.meanNorm, run.maxNorm,
      ].map(\.?.bitPattern)
    }
    return results.allSatisfy { numbers($0.run) == numbers(first) }
  }
}
