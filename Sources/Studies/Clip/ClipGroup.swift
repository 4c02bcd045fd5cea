import UnrollOptimization

/// The runs of one cell under one threshold and window, over the seeds.
package struct ClipGroup: Equatable, Sendable {
  package let setting: ClipSetting
  package let solved: Int
  package let unsolved: Int
  package let diverged: Int
  /// Over the solved runs; nil without one.
  package let medianUpdatesToSolve: Double?
  /// The mean over the runs.
  package let clippedFraction: Double?
  package let medianFinalLoss: Double?
  /// The median over the runs of each one's mean norm.
  package let medianMeanNorm: Double?
  /// Means over the runs.
  package let effectiveStep: Double?
  package let clipAngle: Double?
  /// The median over the runs.
  package let medianReferenceNorm: Double?
  /// The fewest and the most updates over which the runs' reference norms were taken; nil where that
  /// is not known.
  package let referenceSteps: ClosedRange<Int>?

  package init(_ setting: ClipSetting, _ results: [ClipResult]) {
    func count(_ outcome: ClipResult.Outcome) -> Int { results.count { $0.outcome == outcome } }
    self.setting = setting
    solved = count(.solved)
    unsolved = count(.unsolved)
    diverged = count(.diverged)
    medianUpdatesToSolve = median(results.compactMap { $0.updatesToSolve.map(Double.init) })
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
  package static func groups(of results: [ClipResult]) -> [ClipGroup] {
    var settings: [ClipSetting] = []
    var members: [ClipSetting: [ClipResult]] = [:]
    for result in results {
      let setting = result.key.setting
      if members[setting] == nil { settings.append(setting) }
      members[setting, default: []].append(result)
    }
    return settings.map { ClipGroup($0, members[$0] ?? []) }
  }

  /// Whether the rule is one under which recorded norms are those after clipping.
  package var clipsInBackward: Bool {
    if case .rule(.state) = try? ClipThreshold(setting.threshold) { true } else { false }
  }
}

/// nil without values.
private func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// The middle value, or the mean of the two in the middle; nil without values. What is not a number
/// counts as larger than any.
package func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted { $1.isNaN ? !$0.isNaN : $0 < $1 }
  let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
  return low == high ? low : low / 2 + high / 2
}
