@testable import UnrollFigures

/// What tests of a sweep's figures are made from.
protocol SweepGroups {}

extension SweepGroups {
  func group(
    _ values: [String], runs: Int = 5, from seed: Int = 1, diverged: Int = 0,
    solved: Double? = 0.5, loss: Double = 0.1
  ) -> SweepFigureGroup {
    SweepFigureGroup(
      values: values, seeds: seed..<seed + runs, diverged: diverged,
      solved: solved.map { ($0, $0 / 2, 1) },
      loss: (loss, loss / 2, loss * 2))
  }

  func makeFigure(
    _ options: [String], _ groups: [SweepFigureGroup], meanNorm: Double? = nil
  ) -> SweepFigure {
    SweepFigure(
      title: "t", subtitle: "s", options: options, groups: groups, lossName: "test loss",
      baseline: 0.2, meanNorm: meanNorm)
  }

  func combinations(_ lists: [[String]]) -> [SweepFigureGroup] {
    lists.reduce([[]]) { settings, list in settings.flatMap { last in list.map { last + [$0] } } }
      .map { group($0) }
  }
}
