import Testing
import UnrollTraining

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

struct ClipGroupTests {
  private let setting = ClipSetting(cell: "rnn", threshold: "norm:1", window: "full")

  private func result(
    seed: Int = 1, _ outcome: ClipResult.Outcome = .unsolved, steps: Int? = nil,
    loss: Double = 0.5, fraction: Double? = 0.25, norm: Double? = 2, factor: Double? = 0.5,
    angle: Double? = 30, reference: Double? = nil, referenceSteps: Int? = nil
  ) -> ClipResult {
    ClipResult(
      key: .init(setting: setting, seed: seed), outcome: outcome, updatesToSolve: steps,
      finalLoss: loss, clippedFraction: fraction, meanNorm: norm, maxNorm: 3, seconds: 1,
      effectiveStep: factor, clipAngle: angle, referenceNorm: reference,
      referenceSteps: referenceSteps)
  }

  @Test func medians() {
    #expect(median([]) == nil)
    #expect(median([3]) == 3)
    #expect(median([4, 1, 2]) == 2)
    #expect(median([4, 1, 2, 3]) == 2.5)
    #expect(median([.nan, 1, 2]) == 2)
    #expect(median([1, .nan, .nan])?.isNaN == true)
    #expect(median([1, .infinity, .nan]) == .infinity)
    #expect(median([.infinity, .infinity]) == .infinity)
    #expect(median([.greatestFiniteMagnitude, .greatestFiniteMagnitude])?.isFinite == true)
  }

  @Test func aGroupSumsItsRunsUp() {
    let group = ClipGroup(
      setting,
      [
        result(
          seed: 1, .solved, steps: 500, loss: 0.01, fraction: 0, norm: 1, factor: 1, angle: 0,
          reference: 1),
        result(seed: 2, .solved, steps: 1000, loss: 0.02, fraction: 0.5, norm: 2, reference: 4),
        result(seed: 3, .unsolved, loss: 0.2, fraction: 1, norm: 4),
        result(seed: 4, .diverged, loss: .nan, fraction: nil, norm: nil, factor: nil, angle: nil),
      ])
    #expect([group.solved, group.unsolved, group.diverged] == [2, 1, 1] && group.runs == 4)
    #expect(group.medianUpdatesToSolve == 750)
    #expect(group.clippedFraction == 0.5)
    #expect(group.medianFinalLoss == 0.11)
    #expect(group.medianMeanNorm == 2)
    #expect(group.effectiveStep == 2.0 / 3 && group.clipAngle == 20)
    #expect(group.medianReferenceNorm == 2.5)
  }

  /// A task without a criterion has no share of solved runs; its rows stay `unsolved`.
  @Test func withoutACriterionNothingIsSolved() {
    let results = [result(seed: 1), result(seed: 2, .diverged, loss: .infinity)]
    let group = ClipGroup(setting, results, hasCriterion: false)
    #expect(group.solved == nil && group.unsolved == 1 && group.diverged == 1 && group.runs == 2)
    #expect(group.json(withWindow: false)["solved"] == .null)
    #expect(ClipGroup.groups(of: results, hasCriterion: false) == [group])
    #expect(ClipGroup.groups(of: results)[0].solved == 0)
  }

  @Test func rowsReadBack() {
    let results = [
      result(.solved, steps: 500), result(.diverged, loss: .infinity, fraction: nil, norm: nil),
      result(loss: 1.0 / 3, fraction: 0.1, norm: 1e-300, reference: 1.0 / 7),
      result(factor: nil, angle: nil),
    ]
    for result in results {
      let row = result.row.map(\.encoded)
      #expect(ClipResult(row: row, ownWindow: "100") == result)
      var withoutWindow = row
      withoutWindow[10] = ""
      #expect(ClipResult(row: withoutWindow, ownWindow: "full") == result)
    }
    #expect(ClipResult(row: ["rnn"], ownWindow: "full") == nil)
  }

  @Test(arguments: [
    (0.1, true, nil, ClipResult.Outcome.unsolved), (0.001, true, 500, .solved),
    (10.0, true, nil, .unsolved), (10.01, true, nil, .diverged), (.nan, true, nil, .diverged),
    (.infinity, true, nil, .diverged), (0.1, false, nil, .diverged), (0.1, false, 500, .diverged),
  ])
  func outcomes(
    loss: Double, isFinite: Bool, steps: Int?, expected: ClipResult.Outcome
  ) {
    var totals = TrainingTotals()
    totals.lastEvaluation = EvaluationRecord(
      update: 500, split: .validation, loss: loss, accuracy: nil)
    totals.updatesToSolve = steps
    let result = ClipResult(
      key: .init(setting: setting, seed: 1), totals: totals, isFinite: isFinite, baseline: 1)
    #expect(result.outcome == expected)
    #expect(result.updatesToSolve == (expected == .solved ? steps : nil))
  }
}
