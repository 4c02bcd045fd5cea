import UnrollFileFormats
import UnrollText

/// A setting of a sweep beside the one that it is compared with, run by run of the same seed: a row of
/// `pairs.csv`.
public struct SweepPair: Equatable, Sendable {
  /// The setting.
  public let setting: SweepSetting
  /// What it is compared with.
  public let baseline: SweepSetting
  /// The seeds that both have a run of.
  public let seeds: [Int]
  /// The differences of the losses in that order, the setting's less the baseline's. A loss that is not
  /// finite counts as +∞; two of them differ by 0. Empty where the losses are of different kinds.
  public let differences: [Double]
  /// Whether the losses differ.
  public let ranks: SignedRankTest
  /// Whether one solves the task more often: the first is the setting.
  public let solved: McNemarTest
  /// The p-value of ``ranks``, adjusted for all pairs of the sweep.
  public fileprivate(set) var adjustedRanksP: Double
  /// The p-value of ``solved``, likewise.
  public fileprivate(set) var adjustedSolvedP: Double

  /// - Parameter comparesLosses: whether the losses are of one kind.
  private init(_ group: SweepGroup, against baseline: SweepGroup, comparesLosses: Bool) {
    setting = group.setting
    self.baseline = baseline.setting
    let others = Dictionary(baseline.results.map { ($0.seed, $0) }) { first, _ in first }
    var pairs = group.results.compactMap { own in others[own.seed].map { (own: own, other: $0) } }
    // The same pair again and again would count as evidence.
    if group.isOneRun, baseline.isOneRun { pairs = Array(pairs.prefix(1)) }
    seeds = pairs.map(\.own.seed)
    differences = (comparesLosses ? pairs : []).map { pair in
      func loss(_ result: SweepResult) -> Double {
        result.comparedLoss.isFinite ? result.comparedLoss : .infinity
      }
      let (own, other) = (loss(pair.own), loss(pair.other))
      return own == other ? 0 : own - other
    }
    ranks = SignedRankTest(differences)
    func count(_ first: Bool, _ second: Bool) -> Int {
      pairs.count {
        ($0.own.run.outcome == .solved) == first && ($0.other.run.outcome == .solved) == second
      }
    }
    solved = McNemarTest(onlyFirst: count(true, false), onlySecond: count(false, true))
    adjustedRanksP = ranks.p
    adjustedSolvedP = solved.p
  }

  /// Every group with the one that `baseline` names for it, where that is another and has runs. The
  /// p-values of each test are one family, adjusted by Holm's procedure.
  ///
  /// - Parameter kindOfLoss: losses of different kinds have no difference; by default those of different
  ///   parts of the data.
  public static func pairs(
    of groups: [SweepGroup], kindOfLoss: (SweepGroup) -> String = \.comparedData,
    against baseline: (SweepSetting) -> SweepSetting
  ) -> [SweepPair] {
    let bySetting = Dictionary(groups.map { ($0.setting, $0) }) { first, _ in first }
    var pairs: [SweepPair] = groups.compactMap { group in
      let other = baseline(group.setting)
      guard other != group.setting else { return nil }
      return bySetting[other].map {
        SweepPair(group, against: $0, comparesLosses: kindOfLoss(group) == kindOfLoss($0))
      }
    }
    let ranked = pairs.indices.filter { !pairs[$0].differences.isEmpty }
    for (place, p) in zip(ranked, holmAdjusted(ranked.map { pairs[$0].ranks.p })) {
      pairs[place].adjustedRanksP = p
    }
    // Settings without a seed in common, as in a shard, are no comparison.
    let solved = pairs.indices.filter { !pairs[$0].seeds.isEmpty }
    for (place, p) in zip(solved, holmAdjusted(solved.map { pairs[$0].solved.p })) {
      pairs[place].adjustedSolvedP = p
    }
    return pairs
  }

  /// Whether there are pairs, but no differences of losses: these are of different kinds.
  public var hasOtherLosses: Bool { differences.isEmpty && !seeds.isEmpty }

  /// The median of ``differences``; nil without a pair.
  public var medianDifference: Double? {
    guard !differences.isEmpty else { return nil }
    let sorted = differences.sorted()
    let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    // The middle of −∞ and +∞ is not a number.
    return low == high ? low : low / 2 + high / 2
  }

  /// The exact 95% interval of that median; nil below 6 pairs.
  public var differenceInterval: (low: Double, high: Double)? {
    let sorted = differences.sorted()
    return OrderStatistics.medianRanks(count: sorted.count).map {
      (sorted[$0.low], sorted[$0.high])
    }
  }

  /// The columns of `pairs.csv` for the options that are varied; those of the baseline have
  /// `against_` before them.
  public static func columns(_ options: [String]) -> [String] {
    options + options.map { "against_\($0)" } + [
      "pairs", "difference_median", "difference_low", "difference_high", "zero_differences",
      "wilcoxon_p", "wilcoxon_p_holm", "wilcoxon_least_p", "solved_only_here",
      "solved_only_there", "mcnemar_p", "mcnemar_p_holm",
    ]
  }

  /// The pair as a row of ``columns(_:)``.
  ///
  /// - Parameter hasCriterion: whether the task can be solved; without it what is said of that is blank.
  package func row(hasCriterion: Bool = true) -> [CSVField] {
    let interval = differenceInterval
    /// Blank without a pair.
    func p(_ p: Double) -> CSVField { seeds.isEmpty ? .blank : .number(p) }
    /// Blank without a difference.
    func ranked(_ p: Double) -> CSVField { differences.isEmpty ? .blank : .number(p) }
    let solving: [CSVField] = [
      .integer(solved.onlyFirst), .integer(solved.onlySecond), p(solved.p), p(adjustedSolvedP),
    ]
    return (setting.values + baseline.values).map { .text($0) } + [
      .integer(seeds.count), CSVField(medianDifference), CSVField(interval?.low),
      CSVField(interval?.high), hasOtherLosses ? .blank : .integer(ranks.zeros), ranked(ranks.p),
      ranked(adjustedRanksP), ranked(SignedRankTest.leastP(ranks.count)),
    ] + (hasCriterion ? solving : solving.map { _ in .blank })
  }
}
