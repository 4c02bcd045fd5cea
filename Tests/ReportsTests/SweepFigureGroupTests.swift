import Testing
import UnrollFigures

@testable import UnrollReports
@testable import UnrollStudies

/// What a figure shows of a setting's runs.
struct SweepFigureGroupTests {
  /// Runs that no seed changes are one: their share has no interval, but it is shown.
  @Test func aShareWithoutAnIntervalIsShown() {
    let results = (1...3).map { seed in
      SweepResult(
        SweepRun(
          id: "\(seed)", setting: SweepSetting(["a"]), seed: seed, threshold: .rule(.none),
          unclippedPass: ""
        ) { throw CancellationError() },
        RunMeasures(
          outcome: .solved, updates: 9, updatesToSolve: 5, finalLoss: 0.5, isValidation: true,
          bestLoss: 0.5, testLoss: 0.5, bestTestLoss: 0.5, clippedFraction: 0, meanNorm: 1,
          maxNorm: 1, effectiveStep: nil, clipAngle: nil, seconds: 1),
        origin: ResultOrigin())
    }
    let group = SweepGroup.groups(of: results)[0]
    #expect(group.isOneRun && group.solvedInterval == nil)
    let solved = SweepFigureGroup(group, values: ["a"], hasCriterion: true).solved
    #expect(solved?.share == 1 && solved?.low == 1 && solved?.high == 1)
    #expect(SweepFigureGroup(group, values: ["a"], hasCriterion: false).solved == nil)
  }
}
