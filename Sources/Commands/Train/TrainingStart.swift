import UnrollCommandLine
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies

/// What a training run begins with: fresh weights, those of `--model`, or a checkpoint.
struct TrainingStart {
  /// As used: with what the model's file decides.
  let arguments: Arguments
  let plan: TrainingPlan
  /// The files that the run reads.
  let data: [InputFile]
  /// The run that goes on; nil for a new one.
  let resumed: ResumedRun?

  /// - Throws: `UsageError`, `TaskError`, `FileError`, `ModelUseError`; as ``SavedModel``.
  init(_ arguments: Arguments, terminal: Terminal) throws {
    if let path = arguments[optional: .resume] {
      if arguments.wasTyped(.model) { throw UsageError.conflict("model", "resume") }
      try self.init(resuming: path, arguments, terminal)
      return
    }
    for flag in [OptionKey<Bool>.acceptChangedData, .reschedule] where arguments.isSet(flag) {
      throw arguments.rejection(of: flag, accepted: "left out without --resume")
    }
    try self.init(new: arguments, terminal: terminal)
  }

  /// A run that does not go on from a checkpoint.
  ///
  /// - Throws: as ``init(_:terminal:)``.
  init(new arguments: Arguments, terminal: Terminal) throws {
    if let model = arguments[optional: .model] {
      try self.init(from: model, arguments, terminal)
    } else {
      for option in ["recurrent", "readout"] where arguments.wasGiven(option) {
        throw arguments.rejection(of: option, accepted: "left out without --model")
      }
      self.init(
        arguments,
        try TrainingPlan(
          arguments, task: arguments.taskName(), specification: arguments.cellSpecification()))
    }
  }

  private init(
    _ arguments: Arguments, _ plan: TrainingPlan, data: [InputFile]? = nil,
    resumed: ResumedRun? = nil
  ) {
    self.arguments = arguments
    self.plan = plan
    self.data = data ?? arguments.inputFiles()
    self.resumed = resumed
  }

  /// What the files in the output folder are to the run.
  var continuation: RunFolder.Continuation {
    resumed.map { .run($0.origin.run, checkpoint: $0.path) } ?? .nothing
  }
}

// MARK: - A checkpoint

extension TrainingStart {
  private init(resuming path: String, _ arguments: Arguments, _ terminal: Terminal) throws {
    let resumed = try ResumedRun(path, arguments)
    let data = try resumed.currentData()
    let classes = try resumed.checkpoint.shape(of: "parameters/head.bias").last
    func plan(_ arguments: Arguments) throws -> TrainingPlan {
      let task = try arguments.task(named: arguments.taskName(), seed: arguments.seed) { options in
        options.vocabulary = resumed.origin.vocabulary
        options.scalings = resumed.origin.scalings
        options.split = resumed.origin.split
        options.classes = classes
      }
      return try TrainingPlan(
        arguments, task: task, specification: arguments.cellSpecification(), seed: arguments.seed)
    }
    // The run goes on under the defaults that the command works out; other words for them may be given.
    let typed = arguments.typedWhereDefaultsHeld(in: resumed.origin.options)
      .filter { !ResumeOptions.files.contains($0.name) }
    func requireDefault(_ spec: OptionSpec, _ agrees: Bool) throws {
      if agrees { return }
      throw ConfigFileError.otherSetting(
        path: path, label: spec.label, saved: "its default", given: arguments.text(of: spec.name))
    }
    // What data are read by cannot agree with a default once these are other data.
    if !InputFile.changes(from: resumed.origin.data, to: data).isEmpty {
      for spec in typed { try requireDefault(spec, TaskOption(rawValue: spec.name) == nil) }
    }
    let own = arguments.without(typed.map(\.name))
    let ownPlan = try plan(own)
    for spec in typed {
      let others = typed.map(\.name).filter { $0 != spec.name }
      do {
        try requireDefault(spec, plan(arguments.without(others)).trainsAlike(ownPlan))
      } catch is FileError {
        // Data that cannot be read in this way are not read as they were.
        try requireDefault(spec, false)
      }
    }
    resumed.warnOfChanges(in: data, on: terminal)
    self.init(own, ownPlan, data: data, resumed: resumed)
  }
}

// MARK: - A model

extension TrainingStart {
  private init(from path: String, _ given: Arguments, _ terminal: Terminal) throws {
    let model = try given.savedModel(on: terminal)
    var specification = model.cell
    specification.activation = model.file.specification.activation
    try given.requireAgreement(with: model, specification)
    let name =
      given.wasGiven(.task)
      ? try given.taskName()
      : try model.origin.taskName ?? (given.wasGiven(.inputs) ? "arrays" : given.taskName())
    let sizes = model.file.configuration
    let isAssumed =
      model.origin.taskName == nil && !given.wasGiven(.task) && !given.wasGiven(.inputs)
    let noTask = ModelUseError.noTask(
      path: path, inputs: sizes.input.width, outputs: sizes.target.width, task: name,
      command: given.commandName)
    // Data without a task are for another one than the default.
    if isAssumed, given.wasGiven(.file) { throw noTask }
    let arguments = try given.fillingTask(from: model, task: name).replacing(
      [
        "task": .string(name), "cell": .string(specification.description),
        "hidden": .integer(sizes.hidden), "layers": .integer(sizes.layers),
        "initial-state": .string(sizes.learnsInitialState ? "learned" : "zero"),
      ], at: path
    ).without("activation", "init", "forget-bias")
    try arguments.requireRegularizer(for: specification)
    let task = try arguments.task(named: name, for: model, rows: arguments[.batch])
    if isAssumed, task.input.width != sizes.input.width || task.target.width != sizes.target.width {
      throw noTask
    }
    let network = try model.model(for: task)
    if isAssumed {
      terminal.note(
        "\(path.escaped) names no task, so it is trained on \(name), whose sizes it has; "
          + "unroll \(given.commandName) TASK --model FILE takes another")
    }
    let plan = TrainingPlan(
      task: task, specification: specification, configuration: network.configuration,
      settings: try arguments.trainingSettings(for: task), seed: arguments.seed,
      isDouble: arguments[.precision] == "double", weights: model.file.parameters)
    self.init(arguments, plan)
  }
}

extension Arguments {
  /// Refuses options of the command line that say otherwise than the model whose weights are taken.
  ///
  /// - Throws: `UsageError.rejected`.
  fileprivate func requireAgreement(
    with model: SavedModel, _ specification: CellSpecification
  ) throws {
    func require(_ name: String, _ agrees: Bool, _ value: String) throws {
      try requireAgreement(of: name, with: model, agrees, value)
    }
    if wasTyped("cell") {
      let text = text(of: OptionKey.cell)
      let cell = try CellSpecification(parsing: text)
      try require(
        "cell", text.contains("/") ? cell == specification : cell.kind == specification.kind,
        specification.description)
    }
    let kind = specification.kind
    try require(
      "activation",
      kind.options.contains(.activation) && self[optional: .activation] == specification.activation,
      kind.options.contains(.activation) ? "\(specification.activation)" : "left out with \(kind)")
    for name in ["init", "forget-bias"] {
      let text = "\(kind.name)/\(name)=\(text(of: name))"
      let agrees = (try? CellSpecification(parsing: text)).map {
        name == "init"
          ? $0.initializer == specification.initializer : $0.forgetBias == specification.forgetBias
      }
      try require(name, agrees ?? false, "left out: the weights are there")
    }
    try requireSizes(of: model)
  }
}
