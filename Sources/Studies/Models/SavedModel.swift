import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks

/// A model file and what it says about the run that trained it, so that it can be used alone.
package struct SavedModel: Sendable {
  package let file: ModelFile
  package let origin: ModelOrigin

  package var path: String { file.path }

  /// - Parameter activation: that of an `rnn` whose file does not say.
  /// - Throws: `FileError`, `ModelFileError`; `SavedModelError.checkpoint`.
  package init(path: String, activation: Activation? = nil) throws {
    let container = try SafetensorsFile(path: path)
    if container.metadata["unroll_checkpoint"] != nil {
      throw SavedModelError.checkpoint(path: path)
    }
    do throws(FileProblem) {
      origin = try ModelOrigin(container.metadata)
    } catch {
      throw container.malformed(error)
    }
    file = try ModelFile(path: path, activation: activation)
  }
}

// MARK: - What it is

extension SavedModel {
  package var parameterCount: Int { file.parameters.layout.count }

  /// The cell as it was asked for, where the file says so, otherwise as the weights show it.
  package var cell: CellSpecification {
    let asked = file.metadata["cell"].flatMap { try? CellSpecification(parsing: $0) }
    return asked?.kind == file.specification.kind ? asked ?? file.specification : file.specification
  }

  /// The model with the inputs and outputs of `task`; see ``model(for:input:target:)``.
  ///
  /// - Throws: `SavedModelError.otherSizes`.
  package func model(for task: any SequenceTask) throws(SavedModelError) -> RecurrentModel {
    try model(for: task.name, input: task.input, target: task.target)
  }

  /// The model with the inputs and outputs that the task called `name` has. Where the file does not
  /// say whether they are numbers or classes, as a PyTorch `state_dict` does not, the sizes alone
  /// have to agree.
  ///
  /// - Throws: `SavedModelError.otherSizes`.
  package func model(
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
