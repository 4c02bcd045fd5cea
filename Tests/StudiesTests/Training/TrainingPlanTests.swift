import Testing
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

@testable import UnrollStudies

struct TrainingPlanTests {
  /// Before anything is made, each rank of a run is asked for a row.
  @Test(arguments: [false, true]) func aBatchNeedsARowForEachRank(isDouble: Bool) throws {
    let task = try AddingTask(length: 6, seed: 1)
    var settings = TrainingSettings()
    settings.batch = 3
    let plan = TrainingPlan(
      task: task, specification: CellSpecification(.lstm),
      configuration: ModelConfiguration(input: task.input, target: task.target, hidden: 4),
      settings: settings, isDouble: isDouble)
    try plan.validate()
    try plan.validate(ranks: 3)
    #expect(throws: TrainingError.tooFewRows(batch: 3, ranks: 4)) { try plan.validate(ranks: 4) }
  }
}
