import UnrollCommandLine
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies

extension TrainingPlan {
  /// - Throws: `UsageError`, `TaskError`, `FileError`.
  init(
    _ arguments: Arguments, task name: String, specification: CellSpecification,
    seed: UInt64? = nil
  ) throws {
    let seed = seed ?? arguments.seed
    try self.init(
      arguments, task: arguments.task(named: name, seed: seed), specification: specification,
      seed: seed)
  }

  /// - Throws: `UsageError`.
  init(
    _ arguments: Arguments, task: any SequenceTask, specification: CellSpecification, seed: UInt64
  ) throws {
    try arguments.requireRegularizer(for: specification)
    self.init(
      task: task, specification: specification,
      configuration: arguments.modelConfiguration(input: task.input, target: task.target),
      settings: try arguments.trainingSettings(for: task), seed: seed,
      isDouble: arguments[.precision] == "double")
  }
}
