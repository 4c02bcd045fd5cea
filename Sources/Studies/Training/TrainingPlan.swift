import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// A training run, described in full: what is trained on what, how, and in which precision.
public struct TrainingPlan: Sendable {
  /// What is learned; it makes the training, validation and test data.
  public let task: any SequenceTask
  /// The cell and its initializers.
  public let specification: CellSpecification
  /// The model's sizes; its inputs and outputs are those of the task.
  public let configuration: ModelConfiguration
  /// How the model is trained.
  public var settings: TrainingSettings
  /// The seed of the weights.
  public let seed: UInt64
  /// The weights that training starts from; nil draws them by the specification.
  public let weights: Parameters<Double>?
  /// Whether the run trains in Float64.
  public let isDouble: Bool

  /// - Parameters:
  ///   - task: what is learned.
  ///   - specification: the cell and its initializers.
  ///   - configuration: the model's sizes, with the inputs and outputs of the task.
  ///   - settings: updates, batch, optimizer and so on.
  ///   - seed: of the weights.
  ///   - isDouble: whether the run trains in Float64 rather than Float32.
  ///   - weights: those of a model of this cell and these sizes to start from, such as a saved one's;
  ///     they are copied. Nil draws them by `specification` from `seed`.
  public init(
    task: any SequenceTask, specification: CellSpecification, configuration: ModelConfiguration,
    settings: TrainingSettings, seed: UInt64 = 1, isDouble: Bool = false,
    weights: Parameters<Double>? = nil
  ) {
    self.task = task
    self.specification = specification
    self.configuration = configuration
    self.settings = settings
    self.seed = seed
    self.isDouble = isDouble
    self.weights = weights
  }

  /// The number of the model's weights and biases.
  public var parameterCount: Int {
    RecurrentModel(specification, configuration).layout.count
  }

  /// Throws what ``trainer(as:ranks:)`` would, without allocating anything.
  ///
  /// - Parameter ranks: how many processes share the batch.
  /// - Throws: ``TrainingError``.
  public func validate(ranks: Int = 1) throws {
    let model = RecurrentModel(specification, configuration)
    isDouble
      ? try Trainer<Double>.validate(model, task: task, settings: settings, ranks: ranks)
      : try Trainer<Float>.validate(model, task: task, settings: settings, ranks: ranks)
  }

  /// Refuses runs of a ``SweepStudy`` that do not fit into memory together, without allocating anything.
  /// Each keeps its states as it would alone.
  ///
  /// - Parameter runs: how many are made at a time, each on one thread.
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``,
  ///   ``TrainingError/recomputeSize(given:least:)``.
  public func requireMemory(forRuns runs: Int) throws {
    var settings = settings
    settings.threads = 1
    settings.measuresClipping = true
    let model = RecurrentModel(specification, configuration)
    isDouble
      ? try MemoryEstimate.check(
        model: model, task: task, settings: settings, runs: runs, as: Double.self)
      : try MemoryEstimate.check(
        model: model, task: task, settings: settings, runs: runs, as: Float.self)
  }

  /// Whether both plans make the same model on the same data in the same way, however their settings
  /// were given. Fresh weights and generated data are those of the seeds, which are not compared.
  public func trainsAlike(_ other: TrainingPlan) -> Bool {
    func data(_ task: any SequenceTask) -> [Double] {
      Split.allCases.filter(task.has).map(task.baselineLoss(in:))
    }
    func settings(_ plan: TrainingPlan) -> TrainingSettings {
      var settings = plan.settings
      settings.solveAt = nil
      return settings
    }
    return specification == other.specification && configuration == other.configuration
      && settings(self) == settings(other)
      && self.settings.criterion(for: task) == other.settings.criterion(for: other.task)
      && modelMetadata == other.modelMetadata && data(task) == data(other.task)
  }

  /// A trainer of a fresh model, or of one with the plan's ``weights``, in the precision of `type`.
  ///
  /// - Parameter ranks: the processes that share the batch.
  /// - Throws: ``TrainingError``.
  public func trainer<Element: Scalar>(
    as type: Element.Type = Element.self, ranks: Ranks = .single
  ) throws -> Trainer<Element> {
    let trainer = try Trainer<Element>(
      specification, configuration, task: task, settings: settings, seed: seed, ranks: ranks)
    if let weights { trainer.parameters.values.assign(rounding: weights.values) }
    return trainer
  }

  /// What a model file keeps beside the weights, so that the model can be used without the run:
  /// the task, and what turns its data into numbers and back.
  public var modelMetadata: [String: String] {
    var metadata = task.modelMetadata
    metadata["task"] = task.name
    metadata[DataSplit.metadataKey] = task.dataSplit?.encoded
    return metadata
  }
}
