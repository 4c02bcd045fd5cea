import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// Everything that a training run depends on, before its precision is chosen: data, model, settings
/// and seed.
public struct TrainingPlan: Sendable {
  /// What is learned. It makes the training and the test data.
  public let task: any SequenceTask
  /// The cell, and how its weights are initialized.
  public let specification: CellSpecification
  /// The model's sizes.
  public let configuration: ModelConfiguration
  /// How the model is trained.
  public var settings: TrainingSettings
  /// Determines the initial weights.
  public let seed: UInt64
  /// Whether the run trains in Float64.
  public let isDouble: Bool

  /// A plan; ``validate()`` tells whether it can be run.
  public init(
    task: any SequenceTask, specification: CellSpecification, configuration: ModelConfiguration,
    settings: TrainingSettings, seed: UInt64, isDouble: Bool = false
  ) {
    self.task = task
    self.specification = specification
    self.configuration = configuration
    self.settings = settings
    self.seed = seed
    self.isDouble = isDouble
  }

  /// Throws what ``trainer(as:)`` would, without allocating anything.
  ///
  /// - Throws: ``TrainingError``.
  public func validate() throws {
    let model = RecurrentModel(specification, configuration)
    isDouble
      ? try Trainer<Double>.validate(model, task: task, settings: settings)
      : try Trainer<Float>.validate(model, task: task, settings: settings)
  }

  /// A trainer of a fresh model, in the precision of `type`.
  ///
  /// - Throws: ``TrainingError``.
  public func trainer<Element: Scalar>(as type: Element.Type = Element.self) throws -> Trainer<
    Element
  > {
    try Trainer(specification, configuration, task: task, settings: settings, seed: seed)
  }

  /// What a model file keeps beside the weights, so that the model can be used without the run:
  /// the task, and what turns its data into numbers and back.
  public var modelMetadata: [String: String] {
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
