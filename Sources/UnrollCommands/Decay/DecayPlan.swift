import GradientFlow
import RecurrentCells
import SequenceTasks
import Training

/// What is measured on what, as the command line describes it: checked in full, with nothing
/// written yet.
struct DecayPlan {
  /// As used: with what a saved model's file says about its task.
  let arguments: Arguments
  let subjects: [DecaySubject]
  let data: DecayData
  let placement: LossPlacement
  let seed: UInt64
  /// The steps after which `--truncation` cuts.
  let cuts: [Int]
  /// Those of `--runs`.
  let runs: [DecayRun]
  /// What a default folder is named by.
  let name: String

  /// Whether anything is trained first.
  var isTraining: Bool {
    subjects.contains { if case .trained = $0.weights { true } else { false } }
  }

  /// - Throws: `UsageError`, `ConfigFileError`, `TaskError`, `FileError`, `ModelFileError`,
  ///   `SavedModelError`, `ModelFitError`, `TrainingError`.
  init(_ given: Arguments) throws {
    let model = try given.decayModel()
    let arguments = try model.map { try given.decayArguments(from: $0) } ?? given
    let task = try arguments.decayTask(of: model)
    let data = try DecayData(
      task, length: arguments.integer("length"), exact: arguments.wasTyped("length"),
      rows: arguments.integer("batch"),
      file: arguments.optionalText("inputs"), classes: model?.file.configuration.target.width)
    subjects =
      try model.map { [try DecaySubject($0, on: data)] } ?? arguments.decaySubjects(on: task)
    for subject in subjects { try subject.requireMemory(on: data) }
    self.arguments = arguments
    self.data = data
    placement = LossPlacement(rawValue: arguments.choice("loss-at")) ?? .last
    seed = arguments.seed
    cuts = arguments.optionalIntegers("truncation") ?? []
    let folders = arguments.optionalTexts("runs") ?? []
    guard Set(folders).count == folders.count else {
      throw arguments.rejection(of: "runs", accepted: "folders that are written differently")
    }
    runs = try folders.map(DecayRun.init)
    if !cuts.isEmpty, placement == .all { throw UsageError.conflict("truncation", "loss-at") }
    name = (model?.path ?? arguments.optionalText("inputs")).map(RunFolder.subject) ?? task.name
  }
}

extension Arguments {
  /// The model of `--model`, nil without one.
  fileprivate func decayModel() throws -> SavedModel? {
    guard let path = optionalText("model") else { return nil }
    let ofFreshModels = [
      "cells", "steps", "init", "forget-bias", "initial-state", "hidden", "layers", "seeds",
    ]
    if let other = ofFreshModels.first(where: wasTyped) {
      throw UsageError.conflict("model", other)
    }
    let model = try SavedModel(path: path, activation: optionalValue("activation"))
    let kind = model.file.specification.kind
    if wasGiven("activation"), !kind.options.contains(.activation) {
      throw rejection(of: "activation", accepted: "left out for a model of the cell \(kind)")
    }
    try model.file.requireFinite()
    return model
  }

  /// The same arguments with the task that `model` was trained on, and that task's options, where
  /// neither another task nor `--inputs` was given.
  fileprivate func decayArguments(from model: SavedModel) throws -> Arguments {
    guard let task = model.origin.taskName, optionalText("inputs") == nil,
      !wasTyped("task") || choice("task") == task
    else { return self }
    return try filling(
      TaskOption.allCases.map(\.rawValue), from: model.origin.options, at: model.path
    )
    .filling(["task"], from: ["task": .string(task)], at: model.path)
  }

  /// The task of `--task`, or the sequences of `--inputs`; with `model`'s vocabulary, scaling and
  /// classes.
  fileprivate func decayTask(of model: SavedModel?) throws -> any SequenceTask {
    var name = choice("task")
    if optionalText("inputs") != nil {
      if name != "arrays", wasTyped("task") { throw UsageError.conflict("inputs", "task") }
      if wasTyped("length") { throw UsageError.conflict("inputs", "length") }
      name = "arrays"
    }
    return try task(named: name, seed: seed, alsoTaking: [.length]) { options in
      // Stretches of a stream may overlap, so that only a training needs data for all rows.
      if integer("steps") == 0 { options.rows = 1 }
      options.vocabulary = model?.origin.vocabulary
      options.scaling = model?.origin.scaling
      options.classes = model?.file.configuration.target.width
    }
  }

  /// The models of `--cells`.
  fileprivate func decaySubjects(on task: any SequenceTask) throws -> [DecaySubject] {
    let cells = try cellSpecifications()
    guard Set(cells.map(\.label)).count == cells.count else {
      throw rejection(of: "cells", accepted: "cells that are written differently")
    }
    let (seeds, overflow) = seed.addingReportingOverflow(UInt64(integer("seeds")))
    guard !overflow, seeds <= Int.max else {
      throw rejection(of: "seeds", accepted: "at most \(Int.max) together with --seed")
    }
    return try cells.flatMap { label, specification in
      try (seed..<seeds).map { seed in
        try DecaySubject(
          label: label, specification,
          TrainingPlan(self, task: task, specification: specification, seed: seed))
      }
    }
  }
}
