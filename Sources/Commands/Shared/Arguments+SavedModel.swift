import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies

extension Arguments {
  /// The model of `--model`; without it, that of the newest run that `isFit`.
  ///
  /// - Parameter isFit: told the name of the task that a model was trained on.
  /// - Throws: `UsageError` when there is none, or for `--activation` with a cell that takes none;
  ///   as ``SavedModel/init(path:activation:cell:cells:)``.
  func savedModel(
    on terminal: Terminal, newestWhere isFit: (_ task: String?) -> Bool = { _ in true }
  ) throws -> SavedModel {
    let activation: Activation? = has(.activation) ? self[optional: .activation] : nil
    let path: String
    if let given = self[optional: .model] {
      path = given
    } else if let newest = RunFolder.newestModel(where: isFit) {
      terminal.note("using \(newest), the newest run's model")
      path = newest
    } else {
      throw ModelUseError.noRun(command: commandName)
    }
    let model = try SavedModel(path: path, activation: activation)
    if activation != nil, !model.file.specification.kind.options.contains(.activation) {
      throw rejection(
        of: .activation,
        accepted: "left out; it is for a model of the cell \(CellOption.activation.takers)")
    }
    for notice in model.file.notices { terminal.warn(notice) }
    return model
  }

  /// The same arguments with what they leave open filled in: the model and the task as found, and
  /// from the run that trained the model the seed, the batch and, on its own task, the data.
  ///
  /// With data other than the model's own, what is held out is not taken from the model.
  ///
  /// - Throws: `ConfigFileError`, `UsageError` for values that are not accepted.
  func filling(from model: SavedModel, task: String) throws -> Arguments {
    var names = ["batch", "seed"]
    if task == model.origin.taskName {
      let hasOwnData = ["file", "inputs"].contains { has($0) && wasGiven($0) }
      let hasOwnColumns = ["column", "columns"].contains { has($0) && wasGiven($0) }
      names += try TaskTable.entry(named: task).options
        .filter { !(hasOwnData && [.holdout, .validation, .test].contains($0)) }
        .filter { !(hasOwnColumns && [.column, .columns, .target].contains($0)) }.map(\.rawValue)
    }
    let found: JSONObject = ["model": .string(model.path), "task": .string(task)]
    return try filling(names, from: model.origin.options, at: model.path)
      .filling(["model", "task"], from: found, at: model.path)
  }

  /// The task called `name` as `model` knows it: with its vocabulary, scaling and number of classes.
  ///
  /// - Throws: as ``task(named:seed:)``; `ModelUseError` for a text without the model's
  ///   vocabulary, and when the model's own data are gone.
  func task(named name: String, for model: SavedModel) throws -> any SequenceTask {
    if name == "text", model.origin.vocabulary == nil {
      throw ModelUseError.noVocabulary(path: model.path, task: model.origin.taskName)
    }
    do {
      return try task(named: name, seed: has(.seed) ? seed : 1) { options in
        // Nothing is trained, so the training part may be as short as it likes.
        options.rows = 1
        options.vocabulary = model.origin.vocabulary
        options.scalings = model.origin.scalings
        options.classes = model.file.configuration.target.width
      }
    } catch FileError.missing(let path) {
      let asked = [TaskOption.file, .inputs, .validation, .test].first {
        has($0.rawValue) && text(of: $0.rawValue) == path
      }
      guard let asked, !wasTyped(asked.rawValue) else { throw FileError.missing(path: path) }
      throw ModelUseError.dataMissing(path: model.path, option: asked, data: path)
    }
  }
}
