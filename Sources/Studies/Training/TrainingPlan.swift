import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// A training run before its element type is chosen.
public struct TrainingPlan: Sendable {
  /// What is learned. It makes the training and the test data.
  public let task: any SequenceTask
  public let specification: CellSpecification
  /// The network's sizes.
  public let configuration: ModelConfiguration
  public var settings: TrainingSettings
  /// Determines the initial weights.
  public let seed: UInt64
  /// Whether the run trains in Float64.
  public let isDouble: Bool

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
  /// - Throws: `TrainingError`.
  public func validate() throws {
    let model = RecurrentModel(specification, configuration)
    isDouble
      ? try Trainer<Double>.validate(model, task: task, settings: settings)
      : try Trainer<Float>.validate(model, task: task, settings: settings)
  }

  /// Makes a trainer of a newly initialized model.
  ///
  /// - Throws: `TrainingError`.
  public func trainer<Element: Scalar>(as type: Element.Type = Element.self) throws -> Trainer<
    Element
  > {
    try Trainer(specification, configuration, task: task, settings: settings, seed: seed)
  }

  /// What a model file keeps beside the weights, so that the model can be used without the run:
  /// the task, and what turns its data into numbers and back.
  package var modelMetadata: [String: String] {
    task.modelMetadata.merging(["task": task.name]) { _, name in name }
  }
}
