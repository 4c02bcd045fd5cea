import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText
import UnrollTraining

/// A training run as the command line describes it, before its element type is chosen.
struct TrainingPlan: Sendable {
  let task: any SequenceTask
  let specification: CellSpecification
  let configuration: ModelConfiguration
  var settings: TrainingSettings
  let seed: UInt64
  /// Whether the run trains in Float64.
  let isDouble: Bool

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
    self.task = task
    self.specification = specification
    configuration = arguments.modelConfiguration(input: task.input, target: task.target)
    settings = try arguments.trainingSettings(for: task)
    self.seed = seed
    isDouble = arguments[.precision] == "double"
  }

  /// Refuses, before anything is allocated, what ``trainer(as:)`` would.
  ///
  /// - Throws: `TrainingError`.
  func validate() throws {
    let model = RecurrentModel(specification, configuration)
    isDouble
      ? try Trainer<Double>.validate(model, task: task, settings: settings)
      : try Trainer<Float>.validate(model, task: task, settings: settings)
  }

  /// A trainer of a fresh model.
  ///
  /// - Throws: `TrainingError`.
  func trainer<Element: Scalar>(as type: Element.Type = Element.self) throws -> Trainer<Element> {
    try Trainer(specification, configuration, task: task, settings: settings, seed: seed)
  }

  /// What a model file keeps beside the weights, so that the model can be used without the run:
  /// the task, and what turns its data into numbers and back.
  var modelMetadata: [String: String] {
    var metadata = ["task": task.name]
    if let text = task as? TextTask {
      metadata[TextVocabulary.metadataKey] = text.vocabulary.encoded
    }
    if let series = task as? SeriesTask {
      metadata[SeriesScaling.metadataKey] = series.scaling.encoded
    }
    return metadata
  }
}
