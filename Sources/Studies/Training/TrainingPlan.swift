import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// A training run before its element type is chosen.
package struct TrainingPlan: Sendable {
  package let task: any SequenceTask
  package let specification: CellSpecification
  package let configuration: ModelConfiguration
  package var settings: TrainingSettings
  package let seed: UInt64
  /// Whether the run trains in Float64.
  package let isDouble: Bool

  package init(
    task: any SequenceTask, specification: CellSpecification, configuration: ModelConfiguration,
    settings: TrainingSettings, seed: UInt64, isDouble: Bool
  ) {
    self.task = task
    self.specification = specification
    self.configuration = configuration
    self.settings = settings
    self.seed = seed
    self.isDouble = isDouble
  }

  /// Refuses, before anything is allocated, what ``trainer(as:)`` would.
  ///
  /// - Throws: `TrainingError`.
  package func validate() throws {
    let model = RecurrentModel(specification, configuration)
    isDouble
      ? try Trainer<Double>.validate(model, task: task, settings: settings)
      : try Trainer<Float>.validate(model, task: task, settings: settings)
  }

  /// A trainer of a fresh model.
  ///
  /// - Throws: `TrainingError`.
  package func trainer<Element: Scalar>(as type: Element.Type = Element.self) throws -> Trainer<
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
