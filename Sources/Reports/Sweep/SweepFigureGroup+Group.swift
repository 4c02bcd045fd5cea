import UnrollDenseMath
import UnrollFigures
import UnrollStudies

extension SweepFigureGroup {
  /// What a figure shows of a setting's runs.
  ///
  /// - Parameters:
  ///   - values: those of the setting as people read them.
  ///   - hasCriterion: whether a task can be solved.
  init(_ group: SweepGroup, values: [String], hasCriterion: Bool) {
    // A run that diverged may have a finite loss, which would set the scale of all others.
    let losses = OrderStatistics(
      group.results.map { $0.run.outcome == .diverged ? .infinity : $0.comparedLoss })
    let (share, interval) = (group.solvedShare, group.solvedInterval)
    self.init(
      values: values, seeds: group.results.map(\.seed), diverged: group.count(.diverged),
      solved: hasCriterion ? (share, interval?.low ?? share, interval?.high ?? share) : nil,
      loss: losses.median.map {
        ($0, losses.quantile(0.25) ?? $0, losses.quantile(0.75) ?? $0)
      })
  }
}
