import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText

/// A model file and what it says about the run that trained it, so that it can be used alone.
///
///     let model = try SavedModel(path: "model.safetensors")
///     let network = try model.model(for: task)
///
/// The file is one that a trainer's run wrote, or a PyTorch `state_dict` saved as safetensors. For a
/// cell of your own, pass the cell:
///
///     let model = try SavedModel(path: "model.safetensors", cells: [MyCell()])
public struct SavedModel: Sendable {
  /// The weights, and the cell and sizes that they show.
  public let file: ModelFile
  /// What the metadata say about training; empty for a file from elsewhere.
  public let origin: ModelOrigin

  /// Where the file is.
  public var path: String { file.path }

  /// Reads the model file at `path`.
  ///
  /// - Parameters:
  ///   - activation: the activation of an `rnn` whose file does not name it; nil takes tanh.
  ///   - cell: the name of the cell, where the file does not say and several cells have as many gates.
  ///   - cells: cells of your own that the file may hold, besides the built-in ones.
  ///   - modules: which modules are the model, where the file has several; or that it has no readout.
  /// - Throws: ``FileError``, also for a weight that is not finite, ``ModelFileError``;
  ///   ``SavedModelError/checkpoint(path:)`` for a checkpoint, which holds more than a model.
  public init(
    path: String, activation: Activation? = nil, cell: String? = nil, cells: [any Cell] = [],
    modules: ModelModules = ModelModules()
  ) throws {
    let container = try SafetensorsFile(path: path)
    if container.metadata["unroll_checkpoint"] != nil {
      throw SavedModelError.checkpoint(path: path)
    }
    do throws(FileProblem) {
      origin = try ModelOrigin(container.metadata)
    } catch {
      throw container.malformed(error)
    }
    file = try ModelFile(
      path: path, activation: activation, cell: cell, cells: cells, modules: modules)
    for entry in file.parameters.layout.entries where !file.parameters[entry].isFinite {
      let index = file.parameters[entry].values.firstIndex { !$0.isFinite } ?? 0
      throw container.malformed(.nonFinite(tensor: entry.name, index: index))
    }
  }
}

// MARK: - The run behind it

extension SavedModel {
  /// Says that the run that left this as its last result has gone on since, and has not ended again; nil for
  /// others. What says how a run ended is removed when it goes on.
  package var runNotice: String? {
    let folder = OutputFolder.containing(path)
    func has(_ name: String) -> Bool { FileKind(atPath: "\(folder)/\(name)") == .regular }
    guard path.lastPathPart == "model.safetensors", has("checkpoint.safetensors"),
      !has("summary.json")
    else { return nil }
    return "\(path.escaped) is older than what its run has done since, which has not ended; "
      + "\(RunFolder.commandResuming(folder)) ends it"
  }
}

// MARK: - What it is

extension SavedModel {
  /// The number of weights, biases and learned initial states.
  public var parameterCount: Int { file.parameters.layout.count }

  /// The cell as it was asked for, where the file says so, otherwise as the weights show it.
  public var cell: CellSpecification { file.cellAsAsked }

  /// The model with the inputs and outputs of `task`; see ``model(for:input:target:)``.
  ///
  /// - Throws: ``SavedModelError/otherSizes(path:task:needed:got:)``.
  public func model(for task: any SequenceTask) throws(SavedModelError) -> RecurrentModel {
    try model(for: task.name, input: task.input, target: task.target)
  }

  /// The model with the inputs and outputs that the task called `name` has. Where the file does not
  /// say whether they are numbers or classes, as a PyTorch `state_dict` does not, the sizes alone
  /// have to agree.
  ///
  /// - Throws: ``SavedModelError/otherSizes(path:task:needed:got:)``.
  public func model(
    for name: String, input: InputKind, target: TargetKind
  ) throws(SavedModelError) -> RecurrentModel {
    var configuration = file.configuration
    guard configuration.input.width == input.width, configuration.target.width == target.width,
      file.metadata["input"] == nil || configuration.input == input,
      file.metadata["target"] == nil || configuration.target == target
    else {
      throw .otherSizes(
        path: path, task: name, needed: .init(input, target),
        got: .init(configuration.input, configuration.target))
    }
    (configuration.input, configuration.target) = (input, target)
    return RecurrentModel(file.specification, configuration)
  }
}
