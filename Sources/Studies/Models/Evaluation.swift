import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// How well a saved model does on a task's test data.
public struct Evaluation {
  /// The model that was tested.
  public let model: SavedModel
  /// The task whose test data it ran over.
  public let task: any SequenceTask
  /// The mean loss of a target, in nats for classes.
  public let loss: Double
  /// The share of classes that were right, from 0 to 1; nil for targets that are numbers.
  public let accuracy: Double?

  /// Runs the model over the task's test data.
  ///
  /// - Parameters:
  ///   - rows: the batch size that the model was trained with, on which the length of a stream's
  ///     test data depends.
  ///   - threads: how many threads share the rows.
  ///   - type: the precision of the arithmetic, `Float` or `Double`.
  /// - Throws: ``SavedModelError/otherSizes(path:task:needed:got:)``,
  ///   ``TrainingError/tooLarge(bytes:available:)``.
  public init<Element: Scalar>(
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

  /// Whether the task counts as solved; nil for a task without a criterion.
  public var isSolved: Bool? { task.criterion?.isMet(loss: loss, accuracy: accuracy) }
}
