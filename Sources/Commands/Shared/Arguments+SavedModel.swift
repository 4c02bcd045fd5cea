import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

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
    let model = try SavedModel(path: path, activation: activation, modules: modelModules)
    if activation != nil, !model.file.specification.kind.options.contains(.activation) {
      throw rejection(
        of: .activation,
        accepted: "left out; it is for a model of the cell \(CellOption.activation.takers)")
    }
    try requireActivation(of: model)
    try requireWhole(model)
    for notice in model.file.notices() { terminal.warn(notice) }
    if let notice = model.runNotice { terminal.warn(notice) }
    return model
  }

  /// Refuses a model with other layers, unless `--readout` names the one whose outputs count.
  ///
  /// - Throws: `ModelUseError`.
  private func requireWhole(_ model: SavedModel) throws {
    if has(.readout), wasGiven(.readout) { return }
    do {
      try model.file.requireWhole()
    } catch .otherLayers(let path, let tensors) {
      throw ModelUseError.otherLayers(path: path, tensors: tensors, canName: has(.readout))
    }
  }

  /// The modules of `--recurrent` and `--readout`.
  var modelModules: ModelModules {
    let recurrent: String? = has(.recurrent) ? self[optional: .recurrent] : nil
    let readout: String? = has(.readout) ? self[optional: .readout] : nil
    return ModelModules(recurrent: recurrent, readout: readout.map { .named($0) } ?? .only)
  }

  /// Refuses `--activation` where the file says another.
  ///
  /// - Throws: `UsageError`.
  func requireActivation(of model: SavedModel) throws {
    guard has(.activation), let given = self[optional: .activation],
      model.file.metadata["activation"] != nil, model.file.specification.activation != given
    else { return }
    throw rejection(
      of: .activation,
      accepted: "\(model.file.specification.activation), which the file says, or left out")
  }

  /// The same arguments with what they leave open filled in: the model and the task as found, and
  /// from the run that trained the model the seed, the batch and, on its own task, the data.
  ///
  /// With data other than the model's own, what is held out is not taken from the model.
  ///
  /// - Throws: `ConfigFileError`, `UsageError` for values that are not accepted; as
  ///   ``requireData(of:)``.
  func filling(from model: SavedModel, task: String) throws -> Arguments {
    let found: JSONObject = ["model": .string(model.path), "task": .string(task)]
    var options = model.origin.options
    if let seed = options["data-seed"], !seed.isNull { options["seed"] = seed }
    return try filling(["batch", "seed"], from: options, at: model.path)
      .fillingTask(from: model, task: task)
      .filling(["model", "task"], from: found, at: model.path)
  }

  /// The same arguments with the options of the model's own task, where `task` is that one.
  ///
  /// - Throws: as ``filling(from:task:)``.
  func fillingTask(from model: SavedModel, task: String) throws -> Arguments {
    guard task == model.origin.taskName else { return self }
    let hasOtherData = try hasData(otherThan: model)
    let hasOwnColumns = ["column", "columns"].contains { has($0) && wasGiven($0) }
    let names = try TaskTable.entry(named: task).options
      .filter { !(hasOtherData && [.holdout, .validation, .test].contains($0)) }
      .filter { !(hasOwnColumns && [.column, .columns, .target].contains($0)) }.map(\.rawValue)
    let filled = try filling(names, from: model.origin.options, at: model.path)
    try filled.requireData(of: model)
    return filled
  }

  /// Refuses data that the model's file names and nobody else, unless they are what the model was
  /// trained on, by size and hash. A file from elsewhere could name any path.
  ///
  /// - Throws: `ModelUseError.dataMissing`, `.dataChanged` or `.dataUnrecorded`.
  func requireData(of model: SavedModel) throws {
    for option in fileOptions where isFrom(model.path, option) {
      let path = filePath(of: option) ?? ""
      guard let recorded = model.origin.data.first(where: { $0.option == option }) else {
        throw ModelUseError.dataUnrecorded(path: model.path, option: option, data: path)
      }
      let found = try inputFile(option, of: model.path, recorded: recorded.fingerprint)
      if found.fingerprint != recorded.fingerprint {
        throw ModelUseError.dataChanged(
          DataChange(of: model.path, recorded: recorded, found: found), .model)
      }
    }
  }

  /// The task called `name` as `model` knows it: with its vocabulary, scaling and number of classes.
  ///
  /// - Parameters:
  ///   - rows: the rows that the training part must have data for; 1 where nothing is trained.
  ///   - isTested: whether the model is tested on it, so that other data than its own have no training
  ///     part.
  /// - Throws: as ``task(named:seed:)``; `ModelUseError` for a text without the model's
  ///   vocabulary.
  func task(
    named name: String, for model: SavedModel, rows: Int = 1, isTested: Bool = false
  ) throws -> any SequenceTask {
    if name == "text", model.origin.vocabulary == nil {
      throw ModelUseError.noVocabulary(path: model.path, task: model.origin.taskName)
    }
    // Other parts of the data are another split.
    let hasOwnData =
      try name == model.origin.taskName && !hasOwnParts(besides: model)
      && !hasData(otherThan: model)
    return try task(named: name, seed: has(.seed) ? seed : 1) { options in
      options.split = hasOwnData ? model.origin.split : nil
      if isTested { options.extent = try testExtent(of: name, for: model) }
      options.rows = rows
      options.vocabulary = model.origin.vocabulary
      options.scalings = model.origin.scalings
      options.classes = model.file.configuration.target.width
    }
  }
}
