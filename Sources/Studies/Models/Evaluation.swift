import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// How well a saved model does on a task's test data. Of a task without test data it is measured on the
/// validation data, and without those on all there are; see `SequenceTask.measuredSplit`.
public struct Evaluation {
  /// The model that was tested.
  public let model: SavedModel
  /// The task whose data it ran over.
  public let task: any SequenceTask
  /// Whether the data are those that the model was trained on, rather than others of the same kind.
  public let isOnTrainingData: Bool
  /// The part of the task's data.
  public let split: Split
  /// Which elements of a file were measured; nil for data from no file.
  public let measured: MeasuredElements?
  /// The mean loss of a target, in nats for classes.
  public let loss: Double
  /// The share of classes that were right, from 0 to 1; nil for targets that are numbers.
  public let accuracy: Double?
  /// Of a series of which several columns are predicted, the mean squared error of each, in its own units
  /// squared; nil for other tasks.
  public let squaredErrors: [Double]?

  /// Runs the model over the task's data.
  ///
  /// - Parameters:
  ///   - rows: the batch size that the model was trained with, on which the length of a stream's
  ///     data depends.
  ///   - threads: how many threads share the rows.
  ///   - type: the precision of the arithmetic, `Float` or `Double`.
  ///   - isOwnData: whether the model was trained on the task's training data.
  ///   - shouldStop: asked again and again; once it says so, the evaluation breaks off.
  /// - Throws: `CancellationError` where it was broken off; ``SavedModelError/otherSizes(path:task:needed:got:)``,
  ///   ``TrainingError/tooLarge(bytes:available:)``.
  public init<Element: Scalar>(
    of model: SavedModel, on task: any SequenceTask, rows: Int, threads: Int,
    as type: Element.Type, isOwnData: Bool = false, until shouldStop: () -> Bool = { false }
  ) throws {
    let network = try model.model(for: task)
    let split = task.measuredSplit
    try Evaluator<Element>.requireMemory(
      model: network, task: task, split: split, trainingRows: rows)
    let parameters = Parameters<Element>(network.layout)
    parameters.values.assign(rounding: model.file.parameters.values)
    let evaluator = Evaluator(
      PackedParameters(network, parameters), task: task, split: split, trainingRows: rows,
      threads: threads)
    guard let result = evaluator.run(until: shouldStop) else { throw CancellationError() }
    if let task = task as? SeriesTask, task.targets.count > 1 {
      let forecast = try SeriesForecast(
        model: network, parameters: parameters, scalings: task.scalings)
      guard let errors = forecast.squaredErrors(on: task, in: split, until: shouldStop) else {
        throw CancellationError()
      }
      squaredErrors = errors
    } else {
      squaredErrors = nil
    }
    try task.requireUnchangedFiles()
    self.model = model
    self.task = task
    self.split = split
    var measured = task.measured(in: split, trainingRows: rows)
    // Those that are no targets, such as unknown characters, are known now; sequences have targets at
    // several steps.
    if task.isStream { measured?.count = evaluator.targetCount }
    self.measured = measured
    isOnTrainingData = isOwnData && split == .train
    (loss, accuracy) = result
  }

  /// Whether the task counts as solved; nil for a task without a criterion.
  public var isSolved: Bool? { task.criterion?.isMet(loss: loss, accuracy: accuracy) }
}
