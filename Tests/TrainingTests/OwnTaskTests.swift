import Foundation
import Testing
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// Whether more than half of 9 coin tosses are heads, the example in the documentation of
/// `SequenceTask`.
private struct MajorityTask: SequenceTask {
  let name = "majority"
  let input = InputKind.values(1)
  let target = TargetKind.classes(2)
  let baselineLoss = log(2.0)

  func timeSteps(in split: Split, rows: Int) -> Int { 9 }

  func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    for row in 0..<batch.shape.rows {
      var random = location.randomNumbers(seed: 1, row: row)
      var heads = 0
      for step in 0..<9 {
        let toss = random.integer(in: 0..<2)
        batch.inputs[step * batch.shape.rows + row, 0] = Element(toss)
        heads += toss
      }
      batch.targetClasses[row] = heads > 4 ? 1 : 0
    }
  }
}

@Suite struct OwnTaskTests {
  /// Counting is easy: nearly all right after 300 updates, from chance at the start.
  @Test func aTaskOfSixMembersIsLearned() throws {
    var settings = TrainingSettings()
    settings.updates = 300
    settings.evaluateEvery = 300
    settings.schedule.base = 0.01
    let task = MajorityTask()
    let trainer = try Trainer<Float>(
      CellSpecification(.gru),
      ModelConfiguration(input: task.input, target: task.target, hidden: 12), task: task,
      settings: settings, seed: 1)
    let before = try trainer.evaluate()
    #expect(abs(before.loss - task.baselineLoss) < 0.1)
    try trainer.run()
    let accuracy = try #require(trainer.totals.lastEvaluation?.accuracy)
    #expect(accuracy > 0.95)
  }
}
