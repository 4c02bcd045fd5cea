import Foundation
import UnrollCommandLine
import UnrollGradientFlow
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// The study that the command line describes, checked in full before anything is written.
struct DecayPlan {
  /// As used: with what a saved model's file says about its task.
  let arguments: Arguments
  let study: DecayStudy
  /// What a default folder is named by.
  let name: String
  /// What was made of the data that may have been meant otherwise.
  let notices: [String]

  /// - Throws: `UsageError`, `ConfigFileError`, `TaskError`, `FileError`, `ModelFileError`,
  ///   `SavedModelError`, `ModelFitError`, `TrainingError`, `ExponentMemoryError`.
  init(_ given: Arguments) throws {
    let model = try given.decayModel()
    let earlier = try given.earlierRuns()
    let saved = (model.map { [$0] } ?? []) + earlier.compactMap(\.trained)
    var arguments = try saved.first.map { try given.decayArguments(from: $0) } ?? given
    if !earlier.isEmpty, !given.asksForCells { arguments = arguments.without("cells") }
    let task = try arguments.decayTask(of: saved.first)
    let data = try arguments.decayData(
      of: task, rows: arguments[.batch], isExact: arguments.wasTyped(.length),
      classes: saved.first?.file.configuration.target.width)
    let fresh =
      model == nil && arguments.hasValue(.cells) ? try arguments.decaySubjects(on: task) : []
    let subjects =
      try (model.map { [try DecaySubject($0, on: data)] } ?? fresh)
      + earlier.compactMap { try $0.subject(on: data) }
    for subject in subjects { try subject.requireMemory(on: data) }
    try given.requireNoTrainingOptions(unless: arguments[.steps] > 0 && !fresh.isEmpty)
    self.arguments = arguments
    notices = task.notices
    study = DecayStudy(
      subjects: subjects, data: data,
      placement: LossPlacement(rawValue: arguments[.lossAt]) ?? .last, seed: arguments.seed,
      cuts: arguments[optional: .truncation] ?? [],
      exponents: try ExponentPlan(arguments, on: data, subjects: subjects),
      runs: earlier.compactMap(\.measured))
    for option in ["truncation", "exponents"] where arguments.isOn(option) {
      if study.placement == .all {
        throw arguments.rejection(of: .lossAt, accepted: "last with --\(option)")
      }
      if subjects.isEmpty {
        throw arguments.rejection(of: .runs, accepted: "joined by --cells for --\(option)")
      }
    }
    name = (model?.path ?? arguments[optional: .inputs]).map(RunFolder.subject) ?? task.name
  }
}

extension Arguments {
  /// Options of the models of `--cells` alone.
  private static var ofFreshModels: [String] {
    ["cells", "steps", "init", "forget-bias", "initial-state", "hidden", "layers", "seeds"]
  }

  /// Whether models of `--cells` are wanted beside those of `--runs`.
  fileprivate var asksForCells: Bool {
    wasGiven(.cells) || Self.ofFreshModels.contains(where: wasTyped)
  }

  /// Whether a flag is set, or an option given.
  fileprivate func isOn(_ name: String) -> Bool {
    name == OptionKey.exponents.name ? self[.exponents] : wasGiven(name)
  }

  /// Refuses options of the training where nothing is trained.
  fileprivate func requireNoTrainingOptions(unless isTraining: Bool) throws {
    guard !isTraining else { return }
    let heeded = ["steps", "batch"]
    let options =
      OptionTable.trainingRows.map(\.name).filter { !heeded.contains($0) }
      + ["window", "clip", "precision"]
    for option in options where wasTyped(option) {
      throw rejection(of: option, accepted: "left out where nothing is trained (--steps N trains)")
    }
  }

  /// The folders of `--runs`.
  ///
  /// - Throws: `UsageError.rejected` for one that is given twice or is no run's; what reading it
  ///   throws.
  fileprivate func earlierRuns() throws -> [EarlierRun] {
    let folders = self[optional: .runs] ?? []
    guard Set(folders).count == folders.count else {
      throw rejection(of: .runs, accepted: "folders that are written differently")
    }
    if let out = self[optional: .out],
      folders.contains(where: { URL(filePath: $0).standardized == URL(filePath: out).standardized })
    {
      throw rejection(of: .out, accepted: "another folder than those of --runs")
    }
    return try folders.map { folder in
      guard let run = try EarlierRun(folder: folder) else {
        throw rejection(
          of: .runs,
          accepted: "folders of unroll decay or train, with a decay.csv or model.safetensors;"
            + " \(folder.shown) has neither")
      }
      return run
    }
  }

  /// The model of `--model`, nil without one.
  fileprivate func decayModel() throws -> SavedModel? {
    guard let path = self[optional: .model] else { return nil }
    if let other = Self.ofFreshModels.first(where: wasTyped) {
      throw UsageError.conflict("model", other)
    }
    let model = try SavedModel(path: path, activation: self[optional: .activation])
    let kind = model.file.specification.kind
    if wasGiven(.activation), !kind.options.contains(.activation) {
      throw rejection(of: .activation, accepted: "left out for a model of the cell \(kind)")
    }
    try model.file.requireFinite()
    return model
  }

  /// The same arguments with the task that `model` was trained on, and that task's options, where
  /// neither another task nor `--inputs` was given.
  fileprivate func decayArguments(from model: SavedModel) throws -> Arguments {
    guard let task = model.origin.taskName, self[optional: .inputs] == nil,
      !wasTyped(.task) || self[.task] == task
    else { return self }
    return try filling(
      TaskOption.allCases.map(\.rawValue), from: model.origin.options, at: model.path
    )
    .filling(["task"], from: ["task": .string(task)], at: model.path)
  }

  /// The task of `--task`, or the sequences of `--inputs`; with `model`'s vocabulary, scaling and
  /// classes.
  fileprivate func decayTask(of model: SavedModel?) throws -> any SequenceTask {
    var name = self[.task]
    if self[optional: .inputs] != nil {
      if name != "arrays", wasTyped(.task) { throw UsageError.conflict("inputs", "task") }
      if wasTyped(.length) { throw UsageError.conflict("inputs", "length") }
      name = "arrays"
    }
    if model?.origin.vocabulary != nil, wasTyped(.vocabulary) {
      throw rejection(of: .vocabulary, accepted: "left out with a model, which has its own")
    }
    return try task(named: name, seed: seed, alsoTaking: [.length]) { options in
      // Stretches of a stream may overlap, so that only a training needs data for all rows.
      if self[.steps] == 0 { options.rows = 1 }
      options.vocabulary = model?.origin.vocabulary
      options.scalings = model?.origin.scalings
      options.classes = model?.file.configuration.target.width
    }
  }

  /// The models of `--cells`.
  fileprivate func decaySubjects(on task: any SequenceTask) throws -> [DecaySubject] {
    let cells = try cellSpecifications()
    guard Set(cells.map(\.label)).count == cells.count else {
      throw rejection(of: .cells, accepted: "cells that are written differently")
    }
    let (seeds, overflow) = seed.addingReportingOverflow(UInt64(self[.seeds]))
    guard !overflow, seeds <= Int.max else {
      throw rejection(of: .seeds, accepted: "at most \(Int.max) together with --seed")
    }
    return try cells.flatMap { label, specification in
      try (seed..<seeds).map { seed in
        try DecaySubject(
          training: TrainingPlan(self, task: task, specification: specification, seed: seed),
          label: label)
      }
    }
  }
}
