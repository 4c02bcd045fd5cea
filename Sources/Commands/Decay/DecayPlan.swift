import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollGradientFlow
import UnrollRecurrentCells
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// The study that the command line describes, checked in full before anything is written.
struct DecayPlan {
  /// What was measured: with what a saved model's file says about its task, and without options that
  /// had no part in it.
  let arguments: Arguments
  let study: DecayStudy
  /// What is measured on; nil for a batch with gradients.
  let task: (any SequenceTask)?
  /// What a default folder is named by.
  let name: String
  /// How data were read that could be meant otherwise: each worth a warning.
  let readings: [String]
  /// What else there is to know of the data, and what is kept of the states of each model while it is
  /// measured, where not all are.
  let notes: [String]

  /// - Throws: `UsageError`, `ConfigFileError`, `TaskError`, `FileError`, `ModelFileError`,
  ///   `SavedModelError`, `ModelFitError`, `GradientFitError`, `OutputMismatch`, `TrainingError`,
  ///   `ExponentMemoryError`.
  init(_ given: Arguments) throws {
    let gradients = try given.inputGradients()
    let model = try given.decayModel(readsOutputs: gradients == nil)
    let earlier = try given.earlierRuns()
    let saved = (model.map { [$0] } ?? []) + earlier.compactMap(\.trained)
    try given.requireOneModel(of: gradients, model, earlier)
    var arguments = try saved.first.map { try given.decayArguments(from: $0) } ?? given
    if !earlier.isEmpty, !given.asksForCells { arguments = arguments.without("cells") }
    try arguments.requireNoTaskOptions()
    let data: DecayData
    (data, task) = try arguments.decayDataAndTask(of: saved.first, gradients)
    let fresh =
      model == nil && arguments.hasValue(.cells)
      ? try task.map { try arguments.decaySubjects(on: $0) } ?? [] : []
    let subjects =
      try (model.map { [try DecaySubject($0, on: data)] } ?? fresh)
      + earlier.compactMap { try $0.subject(on: data) }
    let recompute: Recompute = arguments[optional: .recompute] ?? .auto
    let kept = try subjects.compactMap { subject in
      try subject.requireMemory(on: data, recompute: recompute).map { "\(subject.label): \($0)" }
    }.distinct
    var study = DecayStudy(
      subjects: subjects, data: data,
      placement: LossPlacement(rawValue: arguments[.lossAt]) ?? .last, seed: arguments.seed,
      cuts: arguments[optional: .truncation] ?? [], runs: earlier.compactMap(\.measured),
      recompute: recompute)
    try given.requireNoTrainingOptions(unless: study.isTraining)
    study.exponents = try ExponentPlan(arguments, on: data, subjects: subjects)
    study.remedies = try RemedyPlan(arguments, on: data, of: task, subjects: subjects)
    for option in ["truncation", "exponents", "remedies"] where arguments.isOn(option) {
      if study.placement == .all {
        throw arguments.rejection(of: .lossAt, accepted: "last with --\(option)")
      }
      if subjects.isEmpty {
        throw arguments.rejection(of: .runs, accepted: "joined by --cells for --\(option)")
      }
    }
    let expected = try arguments.expectedOutputs()
    if let model, let subject = subjects.first {
      study.outputsDifference = try Self.difference(of: subject, model, on: data, from: expected)
      // What stands beside the model has no part in outputs that agree, and none in the gradient.
      if expected.isEmpty, gradients == nil { try model.file.requireWhole() }
    }
    self.study = study
    self.arguments = try arguments.measured(model, in: study)
    readings =
      (task?.notices ?? gradients?.notices ?? [])
      + Self.readings(of: data, isVerified: !expected.isEmpty)
      + saved.compactMap(\.runNotice)
    notes = kept + Self.notes(on: data)
    name =
      (model?.path ?? arguments[optional: .inputs]).map(RunFolder.subject) ?? task?.name ?? "arrays"
  }

  /// How far the model's outputs are from `expected`; nil where there are none.
  private static func difference(
    of subject: DecaySubject, _ model: SavedModel, on data: DecayData,
    from expected: [ExpectedOutputs]
  ) throws(OutputMismatch) -> Double? {
    if expected.isEmpty { return nil }
    let batch = data.batch()
    return try expected.map { outputs throws(OutputMismatch) in
      try OutputComparison(
        of: subject.model, model.file.parameters, on: batch, lastSteps: data.lastSteps,
        expected: outputs, openQuestions: model.file.notices()
      ).difference
    }.max()
  }
}

extension Arguments {
  /// Options of the models of `--cells` alone.
  private static var ofFreshModels: [String] {
    ["cells", "steps", "init", "forget-bias", "initial-state", "hidden", "layers", "seeds"]
  }

  /// Options of a training alone.
  private static var ofTraining: [String] {
    OptionTable.trainingRows.map(\.name).filter { !["steps", "batch"].contains($0) }
      + ["window", "clip", "precision"]
  }

  /// Options of the tasks that read `--inputs`.
  private static var ofSequences: [TaskOption] {
    TaskTable.all.map(\.options).filter { $0.contains(.inputs) }.flatMap(\.self)
  }

  /// Options of other data than the sequences of `--inputs`, and those of dealing these out, which a
  /// training alone does.
  private func ofOtherData(isTraining: Bool) -> [String] {
    let others = TaskOption.allCases.filter { !Self.ofSequences.contains($0) }.map(\.rawValue)
    return others.filter { has($0) } + (isTraining ? [] : ["batch", "shuffle"])
  }

  /// Options of a file's targets and of the readout, in whose place the gradient by the outputs stands.
  private static var ofTargets: [String] {
    ["readout", "loss-at"] + ofSequences.filter { $0 != .inputs }.map(\.rawValue)
  }

  /// Whether models of `--cells` are wanted beside those of `--runs`.
  fileprivate var asksForCells: Bool {
    wasGiven(.cells) || Self.ofFreshModels.contains(where: wasTyped)
  }

  /// Whether a flag is set, or an option given.
  fileprivate func isOn(_ name: String) -> Bool {
    [OptionKey.exponents, .remedies].first { $0.name == name }.map(isSet) ?? wasGiven(name)
  }

  /// Refuses options of the training where nothing is trained.
  fileprivate func requireNoTrainingOptions(unless isTraining: Bool) throws {
    guard !isTraining else { return }
    for option in Self.ofTraining where wasTyped(option) {
      if option == OptionKey.window.name, self[.remedies] { continue }
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
      folders.contains(where: { AbsolutePath.resolved($0) == AbsolutePath.resolved(out) })
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

  /// The gradients of `--inputs`, nil for a file with targets.
  fileprivate func inputGradients() throws -> GradientSequences? {
    try self[optional: .inputs].flatMap {
      try GradientSequences(path: $0, targets: targetsChoice.path)
    }
  }

  /// The model of `--model`, nil without one.
  ///
  /// - Parameter readsOutputs: whether the readout counts.
  fileprivate func decayModel(readsOutputs: Bool) throws -> SavedModel? {
    guard let path = self[optional: .model] else {
      for option in ["recurrent", "readout", "expect"] where wasTyped(option) {
        throw rejection(of: option, accepted: "left out without --model")
      }
      return nil
    }
    for option in ["steps", "init", "forget-bias", "seeds"] where wasTyped(option) {
      throw UsageError.conflict("model", option)
    }
    var modules = modelModules
    if !readsOutputs {
      for option in Self.ofTargets where wasTyped(option) {
        throw rejection(
          of: option,
          accepted: "left out: \(text(of: .inputs).shown) has the gradient by the outputs")
      }
      modules.readout = .none
    }
    let model = try SavedModel(
      path: path, activation: self[optional: .activation], modules: modules)
    let kind = model.file.specification.kind
    if wasGiven(.activation), !kind.options.contains(.activation) {
      throw rejection(of: .activation, accepted: "left out for a model of the cell \(kind)")
    }
    try requireActivation(of: model)
    try requireAgreement(
      of: "cells", with: model, cellSpecifications().map(\.specification.kind) == [kind],
      kind.description)
    try requireSizes(of: model)
    return model
  }

  /// Refuses gradients without the model whose they are, and with another one's run beside it.
  fileprivate func requireOneModel(
    of gradients: GradientSequences?, _ model: SavedModel?, _ earlier: [EarlierRun]
  ) throws {
    guard let gradients, model == nil || earlier.contains(where: { $0.trained != nil }) else {
      return
    }
    let names = gradients.given.quotedList
    if model == nil {
      throw rejection(
        of: .inputs, accepted: "joined by --model: \(names) are of one model's outputs")
    }
    throw rejection(
      of: .runs,
      accepted: "folders of unroll decay: \(names) of --inputs are of one model's outputs")
  }

  /// Refuses options of other data beside `--inputs`.
  fileprivate func requireNoTaskOptions() throws {
    guard self[optional: .inputs] != nil else { return }
    if self[.task] != "arrays", wasTyped(.task) { throw UsageError.conflict("inputs", "task") }
    for option in ofOtherData(isTraining: self[.steps] > 0) where wasTyped(option) {
      throw UsageError.conflict("inputs", option)
    }
  }

  /// The batch, and the task it is of; nil for a batch with gradients.
  fileprivate func decayDataAndTask(
    of model: SavedModel?, _ gradients: GradientSequences?
  ) throws -> (DecayData, (any SequenceTask)?) {
    do {
      if let gradients { return (DecayData(gradients), nil) }
      let task = try decayTask(of: model)
      return (try decayData(of: task, rows: self[.batch], isExact: wasTyped(.length)), task)
    } catch TaskError.arrays(let path, .tokens(let tensor, nil)) {
      let embedding = model?.file.embedding.map { String($0.dropLast(".weight".count)) }
      throw TaskError.arrays(path: path, .tokens(tensor: tensor, embedding: embedding))
    }
  }

  /// The outputs that the model's own are compared with.
  fileprivate func expectedOutputs() throws -> [ExpectedOutputs] {
    try [
      self[optional: .inputs].flatMap { try ExpectedOutputs(path: $0) },
      self[optional: .expect].map { try ExpectedOutputs(requiredAt: $0) },
    ].compactMap(\.self)
  }

  /// The same arguments for `config.json`: with the sizes of a saved model, and without the options that
  /// had no part in what was measured.
  fileprivate func measured(_ model: SavedModel?, in study: DecayStudy) throws -> Arguments {
    var result = self
    func drop(_ names: [String]) {
      for name in names where !result.wasTyped(name) { result = result.without(name) }
    }
    if self[optional: .inputs] != nil {
      drop(["task"] + ofOtherData(isTraining: study.isTraining))
      result = try result.filling(["task"], from: ["task": "arrays"], at: text(of: .inputs))
    }
    if !study.data.givenGradients.isEmpty { drop(Self.ofTargets) }
    guard let model else { return result }
    let ofTraining = Self.ofTraining.filter {
      study.remedies == nil || $0 != OptionKey.window.name
    }
    drop(Self.ofFreshModels + ofTraining)
    let (file, sizes) = (model.file, model.file.configuration)
    var found: JSONObject = [
      "cells": .string(model.cell.description), "hidden": .integer(sizes.hidden),
      "layers": .integer(sizes.layers),
      "initial-state": .string(sizes.learnsInitialState ? "learned" : "zero"),
      "recurrent": JSONValue(file.modules.recurrent),
    ]
    if file.specification.kind.options.contains(.activation) {
      found["activation"] = .string(file.specification.activation.description)
    }
    if case .named(let readout) = file.modules.readout { found["readout"] = .string(readout) }
    return try result.filling(found.keys, from: found, at: model.path)
  }

  /// The same arguments with the task that `model` was trained on, and that task's options, where
  /// neither another task nor `--inputs` was given.
  fileprivate func decayArguments(from model: SavedModel) throws -> Arguments {
    guard let task = model.origin.taskName, self[optional: .inputs] == nil,
      !wasTyped(.task) || self[.task] == task
    else { return self }
    return try fillingTask(from: model, task: task)
      .filling(["task"], from: ["task": .string(task)], at: model.path)
  }

  /// The task of `--task`, or the sequences of `--inputs`; with `model`'s vocabulary, scaling and
  /// classes.
  fileprivate func decayTask(of model: SavedModel?) throws -> any SequenceTask {
    let name = self[optional: .inputs] == nil ? self[.task] : "arrays"
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
