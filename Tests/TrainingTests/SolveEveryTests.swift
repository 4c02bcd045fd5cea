import Testing
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTestSupport

@testable import UnrollTraining

struct SolveEveryTests {
  /// Trains a task that counts as solved from the first look on.
  private func totals(solveEvery: Int?, stops: Bool, limit: Double = 10) throws -> TrainingTotals {
    let task = try AddingTask(length: 5, seed: 1)
    var settings = TrainingSettings()
    settings.batch = 2
    settings.updates = 10
    settings.evaluateEvery = 6
    settings.solveEvery = solveEvery
    settings.stopsWhenSolved = stops
    settings.solveAt = limit
    let trainer = try Trainer<Double>(
      CellSpecification(.rnn),
      ModelConfiguration(input: task.input, target: task.target, hidden: 3), task: task,
      settings: settings, seed: 1)
    try trainer.run()
    return trainer.totals
  }

  @Test func theCriterionIsJudgedBetweenEvaluations() throws {
    #expect(try totals(solveEvery: nil, stops: false).updatesToSolve == 6)
    let totals = try totals(solveEvery: 4, stops: false)
    #expect(totals.updatesToSolve == 4 && totals.updates == 10)
    #expect(totals.lastEvaluation?.update == 10)
  }

  @Test func aRunThatStopsEndsWithAnEvaluation() throws {
    let totals = try totals(solveEvery: 4, stops: true)
    #expect(totals.updates == 4 && totals.lastEvaluation?.update == 4)
  }

  /// Looks that do not meet the criterion leave no trace.
  @Test func theBestWeightsDoNotDependOnIt() throws {
    let (plain, often) = (
      try totals(solveEvery: nil, stops: false, limit: 0),
      try totals(solveEvery: 1, stops: false, limit: 0)
    )
    #expect(plain.bestEvaluation == often.bestEvaluation)
    #expect(plain.lastEvaluation == often.lastEvaluation && often.updatesToSolve == nil)
  }
}
