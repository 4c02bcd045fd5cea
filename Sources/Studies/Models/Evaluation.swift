import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// What a saved model comes to on a task's test data.
package struct Evaluation {
  package let model: SavedModel
  package let task: any SequenceTask
  package let loss: Double
  package let accuracy: Double?

  /// Runs the test.
  ///
  /// - Throws: `SavedModelError.otherSizes`; `TrainingError.tooLarge`.
  package init<Element: Scalar>(
    of model: SavedModel, on task: any SequenceTask, rows: Int, threads: Int,
    as type: Element.Type
  ) throws {
    let network = try model.model(for: task)
    try Evaluator<Element>.requireMemory(model: network, task: task, trainingRows: rows)
    let parameters = Parameters<Element>(network.layout)
    parameters.values.assign(rounding: model.file.parameters.values)
    let evaluator = Evaluator(
      PackedParameters(network, parameters), task: task, trainingRows: rows,
      threads: threads)
    self.model = model
    self.task = task
    (loss, accuracy) = evaluator.run()
  }

  /// Nil for a task without a criterion.
  package var isSolved: Bool? { task.criterion?.isMet(loss: loss, accuracy: accuracy) }
}
