import Testing
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollTraining

@Suite struct NonFiniteTests {
  private func trainer(_ policy: NonFinitePolicy) throws -> Trainer<Float> {
    var settings = TrainingSettings()
    settings.batch = 2
    settings.nonFinite = policy
    let task = try AddingTask(length: 10, seed: 1)
    let trainer = try Trainer<Float>(
      CellSpecification(.lstm),
      ModelConfiguration(input: task.input, target: task.target, hidden: 3), task: task,
      settings: settings, seed: 1)
    try trainer.step()
    trainer.parameters["head.bias"][0, 0] = .infinity
    return trainer
  }

  @Test func stopSaysWhere() throws {
    let trainer = try trainer(.stop)
    do {
      try trainer.step()
      Issue.record("went on")
    } catch {
      guard case .nonFinite(let step, let loss, _, let previous) = error else {
        throw error
      }
      #expect(step == 2 && !loss.isFinite && previous?.isFinite == true)
    }
    #expect(trainer.totals.updates == 1)
  }

  @Test func skipLeavesTheWeightsAloneAndCounts() throws {
    let trainer = try trainer(.skip)
    let before = trainer.parameters.values.elements
    let record = try trainer.step()
    #expect(!record.finite)
    #expect(trainer.parameters.values.elements == before)
    #expect(trainer.totals.nonFinite == 1 && trainer.totals.updates == 2)
  }
}
