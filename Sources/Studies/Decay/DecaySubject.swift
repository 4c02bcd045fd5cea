import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollTraining

/// A model whose decay curves are measured, and where its weights come from.
public struct DecaySubject: Sendable {
  package enum Weights: Sendable {
    /// As the initializer leaves them.
    case fresh(seed: UInt64)
    /// As the training leaves them.
    case trained(TrainingPlan)
    case saved(ModelFile)
  }

  /// What the model is called in tables and figures. Subjects of one label are seeds of one model.
  public let label: String
  /// The cell and its initializers.
  public let specification: CellSpecification
  /// The model's sizes; its inputs and outputs are those of the data.
  public let configuration: ModelConfiguration
  package let weights: Weights

  /// The seed of the weights, or of the training; nil for a saved model.
  public var seed: UInt64? {
    switch weights {
    case .fresh(let seed): seed
    case .trained(let plan): plan.seed
    case .saved: nil
    }
  }

  /// The model without weights.
  public var model: RecurrentModel { RecurrentModel(specification, configuration) }

  /// A model with the weights that its initializers draw.
  ///
  /// - Parameters:
  ///   - label: what it is called; nil is the specification, for example `lstm/forget-bias=0`.
  ///   - specification: the cell and its initializers.
  ///   - data: whose inputs and outputs the model has.
  ///   - hidden: H, the number of units of a layer.
  ///   - layers: the number of layers.
  ///   - seed: of the weights.
  public init(
    _ specification: CellSpecification, label: String? = nil, on data: DecayData, hidden: Int,
    layers: Int = 1, seed: UInt64 = 1
  ) {
    self.label = label ?? specification.description
    self.specification = specification
    configuration = ModelConfiguration(
      input: data.shape.input, target: data.shape.target, hidden: hidden, layers: layers)
    weights = .fresh(seed: seed)
  }

  /// A model that is trained as `plan` says before it is measured; with no updates in its settings,
  /// one with the weights that its initializers draw.
  ///
  /// - Parameters:
  ///   - plan: the training, whose specification names the model where `label` is nil.
  ///   - label: what the model is called.
  /// - Throws: `TrainingError` for a training that cannot begin.
  public init(training plan: TrainingPlan, label: String? = nil) throws {
    self.label = label ?? plan.specification.description
    specification = plan.specification
    configuration = plan.configuration
    let isTrained = plan.settings.updates > 0
    if isTrained { try plan.validate() }
    weights = isTrained ? .trained(plan) : .fresh(seed: plan.seed)
  }

  /// A saved model: one of `unroll train`, or a PyTorch `state_dict` saved with safetensors. It is
  /// called by the specification that it was made from.
  ///
  /// - Parameters:
  ///   - path: of the safetensors file.
  ///   - activation: that of an `rnn` whose file does not say; tanh when nil.
  ///   - cell: the name of the cell, where the file does not say and several cells have as many gates.
  ///   - cells: cells of your own that the file may hold, besides the built-in ones.
  ///   - modules: which modules are the model, where the file has several. For data with gradients
  ///     in place of targets, there is no readout.
  ///   - data: decides whether inputs and outputs are numbers or classes.
  /// - Throws: `FileError` and `ModelFileError` for a file that holds no model or weights that are not
  ///   finite, or other layers besides; ``ModelFitError`` and ``GradientFitError`` when the model's
  ///   sizes are not those of the data.
  public init(
    modelAt path: String, activation: Activation? = nil, cell: String? = nil,
    cells: [any Cell] = [], modules: ModelModules = ModelModules(), on data: DecayData
  ) throws {
    var modules = modules
    if !data.givenGradients.isEmpty { modules.readout = .none }
    let saved = try SavedModel(
      path: path, activation: activation, cell: cell, cells: cells, modules: modules)
    if data.givenGradients.isEmpty { try saved.file.requireWhole() }
    try self.init(saved, on: data)
  }

  /// A saved model, labeled by the specification it was made from.
  ///
  /// - Parameter folder: named in the label, where the model is an earlier run's.
  /// - Throws: ``ModelFitError`` and ``GradientFitError`` when its sizes are not those of the data.
  package init(_ saved: SavedModel, of folder: String? = nil, on data: DecayData) throws {
    var configuration = saved.file.configuration
    try saved.requireGradients(of: data)
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

  /// Refuses a model whose measurement would not fit the machine's memory.
  ///
  /// - Parameter recompute: whether all states are kept in memory.
  /// - Returns: for people, what is kept of the states and what it costs; nil where all are kept.
  /// - Throws: `TrainingError.tooLarge`, `TrainingError.recomputeSize`.
  @discardableResult
  public func requireMemory(
    on data: DecayData, recompute: Recompute = .auto
  ) throws(TrainingError) -> String? {
    try MeasurementMemory.requireForCurves(model, on: data.shape, recompute: recompute)
  }
}

extension SavedModel {
  /// Refuses data whose gradients, or whose inputs and initial states beside them, are not this model's.
  fileprivate func requireGradients(of data: DecayData) throws {
    guard let gradients = data.gradients else { return }
    let (shape, sizes) = (gradients.shape, file.configuration)
    guard sizes.input.width == shape.input.width else {
      throw SavedModelError.otherWidth(
        path: path, inputs: gradients.path, needed: sizes.input.width, got: shape.input.width)
    }
    for (name, got) in gradients.shapes + gradients.stateShapes {
      let first = name == "g" ? got[0] : sizes.layers
      let accepted: [Int]? =
        ["g_c", "c_0"].contains(name) && !file.model.cell.hasCellState
        ? nil : [first, shape.rows, sizes.hidden]
      if got != accepted {
        throw GradientFitError(
          path: gradients.path, model: path, tensor: name, got: got, accepted: accepted)
      }
    }
  }
}

/// A saved model with another number of inputs or outputs than the data.
public struct ModelFitError: Error, Equatable {
  /// The model's file.
  public let path: String
  /// The numbers, or classes, that the model takes at each step.
  public let inputs: Int
  /// The numbers, or classes, that it gives.
  public let outputs: Int
  /// The data that the model was to be measured on.
  public let data: DecayData.Source
  /// The numbers, or classes, that the data have at each step.
  public let dataInputs: Int
  /// The numbers, or classes, of their targets.
  public let dataOutputs: Int
}
