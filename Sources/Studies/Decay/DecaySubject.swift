import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollTraining

/// A model whose curves are measured, and where its weights come from.
package struct DecaySubject {
  package enum Weights {
    /// As the initializer leaves them.
    case fresh(seed: UInt64)
    /// As the training leaves them.
    case trained(TrainingPlan)
    case saved(ModelFile)
  }

  /// The specification as given; a saved model's own.
  package let label: String
  package let specification: CellSpecification
  package let configuration: ModelConfiguration
  package let weights: Weights

  /// Of the weights, or of the training; nil for a saved model.
  package var seed: UInt64? {
    switch weights {
    case .fresh(let seed): seed
    case .trained(let plan): plan.seed
    case .saved: nil
    }
  }

  package var model: RecurrentModel { RecurrentModel(specification, configuration) }

  /// A model of `--cells`, trained where `--steps` says so.
  ///
  /// - Throws: `TrainingError` for a training that cannot begin.
  package init(label: String, _ specification: CellSpecification, _ plan: TrainingPlan) throws {
    self.label = label
    self.specification = specification
    configuration = plan.configuration
    let isTrained = plan.settings.updates > 0
    if isTrained { try plan.validate() }
    weights = isTrained ? .trained(plan) : .fresh(seed: plan.seed)
  }

  /// A saved model, labeled by the specification it was made from. The data decide whether its
  /// inputs and outputs are numbers or classes.
  ///
  /// - Parameter folder: named in the label, where the model is an earlier run's.
  /// - Throws: `ModelFitError` when its sizes are not those of the data.
  package init(_ saved: SavedModel, of folder: String? = nil, on data: DecayData) throws {
    var configuration = saved.file.configuration
    let (inputs, outputs) = (configuration.input.width, configuration.target.width)
    guard inputs == data.shape.input.width, outputs == data.shape.target.width else {
      throw ModelFitError(
        path: saved.path, inputs: inputs, outputs: outputs, data: data.source,
        dataInputs: data.shape.input.width, dataOutputs: data.shape.target.width)
    }
    (configuration.input, configuration.target) = (data.shape.input, data.shape.target)
    label = (folder.map { "\($0): " } ?? "") + saved.cell.description
    specification = saved.file.specification
    self.configuration = configuration
    weights = .saved(saved.file)
  }

  /// - Throws: `TrainingError.tooLarge`.
  package func requireMemory(on data: DecayData) throws(TrainingError) {
    try MemoryEstimate.requireForMeasuring(model, on: data.shape)
  }
}

/// A saved model whose inputs and outputs are not as many as those of the data.
package struct ModelFitError: Error, Equatable {
  package let path: String
  package let inputs: Int
  package let outputs: Int
  package let data: DecayData.Source
  package let dataInputs: Int
  package let dataOutputs: Int
}

extension ModelFile {
  /// - Throws: `FileError.malformed` with `.nonFinite` for a weight that is not finite.
  package func requireFinite() throws(FileError) {
    for entry in parameters.layout.entries where !parameters[entry].isFinite {
      let index = parameters[entry].values.firstIndex { !$0.isFinite } ?? 0
      throw .malformed(path: path, line: nil, .nonFinite(tensor: entry.name, index: index))
    }
  }
}
