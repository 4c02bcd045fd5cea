import UnrollOptimization
import UnrollText

/// The runs of one cell under one threshold and window, summed up over the seeds.
public struct ClipGroup: Equatable, Sendable {
  /// What the runs share.
  public let setting: ClipSetting
  /// The number of runs that solved the task; nil where the task has no criterion.
  public let solved: Int?
  /// The number of runs in the group.
  public let runs: Int
  /// The number of runs that neither solved the task nor diverged.
  public let unsolved: Int
  /// The number of runs that diverged.
  public let diverged: Int
  /// The least number of updates by which at least half of the runs had solved the task; nil where fewer
  /// did.
  public let medianUpdatesToSolve: Double?
  /// The mean of ``ClipResult/clippedFraction``.
  public let clippedFraction: Double?
  /// The median of ``ClipResult/finalLoss``. A loss that is not a number counts as the largest.
  public let medianFinalLoss: Double?
  /// The median of ``ClipResult/meanNorm``.
  public let medianMeanNorm: Double?
  /// The mean of ``ClipResult/effectiveStep``.
  public let effectiveStep: Double?
  /// The mean of ``ClipResult/clipAngle``, in degrees.
  public let clipAngle: Double?
  /// The median of ``ClipResult/referenceNorm``.
  public let medianReferenceNorm: Double?
  /// The fewest and the most updates over which the runs' reference norms were taken; nil where that
  /// is not known.
  public let referenceSteps: ClosedRange<Int>?

  /// Sums up the `results` of the runs under `setting`.
  ///
  /// - Parameter hasCriterion: whether the task can be solved, `TrainingSettings.criterion(for:)`.
  public init(_ setting: ClipSetting, _ results: [ClipResult], hasCriterion: Bool = true) {
    func count(_ outcome: ClipResult.Outcome) -> Int { results.count { $0.outcome == outcome } }
    self.setting = setting
    runs = results.count
    solved = hasCriterion ? count(.solved) : nil
    unsolved = count(.unsolved)
    diverged = count(.diverged)
    medianUpdatesToSolve = OrderStatistics.updatesByWhichHalfSolved(
      results.compactMap(\.updatesToSolve), runs: results.count
    ).map(Double.init)
    clippedFraction = mean(results.compactMap(\.clippedFraction))
    effectiveStep = mean(results.compactMap(\.effectiveStep))
    clipAngle = mean(results.compactMap(\.clipAngle))
    medianReferenceNorm = median(results.compactMap(\.referenceNorm))
    let steps = results.filter { $0.referenceNorm != nil }.compactMap(\.referenceSteps)
    referenceSteps = steps.min().flatMap { low in steps.max().map { low...$0 } }
    medianFinalLoss = median(results.map(\.finalLoss))
    medianMeanNorm = median(results.compactMap(\.meanNorm))
  }

  /// The groups in the order in which `results` first has them.
  ///
  /// - Parameter hasCriterion: whether the task can be solved.
  public static func groups(of results: [ClipResult], hasCriterion: Bool = true) -> [ClipGroup] {
    results.grouped(by: \.key.setting).map {
      ClipGroup($0.key, $0.elements, hasCriterion: hasCriterion)
    }
  }

  /// Whether the rule clips within the backward pass (`state:τ`), so that the recorded norms are those
  /// after clipping.
  public var clipsInBackward: Bool {
    if case .rule(.state) = try? ClipThreshold(setting.threshold) { true } else { false }
  }
}

/// nil without values.
private func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// The middle value, or the mean of the two in the middle; nil without values. NaN counts as larger
/// than any number.
package func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted { $1.isNaN ? !$0.isNaN : $0 < $1 }
  let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
  return low == high ? low : low / 2 + high / 2
}
