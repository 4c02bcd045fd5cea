import Foundation
import UnrollCommandLine
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollText
import UnrollTraining

/// One training run with its folder: progress, metrics, checkpoints, models, figure, summary.
final class TrainingSession<Element: Scalar> {
  private let base: TrainingRun<Element>
  var plan: TrainingPlan { base.plan }
  private var trainer: Trainer<Element> { base.trainer }
  private let output: RunOutput
  private let terminal: Terminal
  private let config: JSONValue
  let history: RunHistory
  private let metrics: MetricsLog
  private let watch: DecayWatch<Element>?
  private let events: TensorBoardLog<Element>?
  /// The updates after which the run has ended with that recorded in its event files; nil where it has not.
  private var recordedEnd: Int?
  /// What a resumed run was given anew.
  let changes: [SettingChange]
  private var test: TestRecord? { base.test }

  private let kept: KeptCheckpoints
  private let secondsBetweenCheckpoints: Double
  private var lastCheckpoint = ContinuousClock.now
  /// The updates after which the last checkpoint was saved.
  private var savedUpdates: Int

  private static var metricsName: String { "metrics.csv" }
  private static var heatMapName: String { "decay-over-training" }
  private static var watchName: String { "\(heatMapName).csv" }

  /// Opens the run's folder.
  ///
  /// - Parameters:
  ///   - start: what the run begins with, or goes on from.
  ///   - run: the plan with its trainer, made from `start` before the folder is opened.
  /// - Throws: `UsageError`, `FolderOwnerError`, `FileError`; `TrainingError.tooLarge` where what is watched
  ///   does not fit into memory.
  init(_ start: TrainingStart, _ run: TrainingRun<Element>, terminal: Terminal) throws {
    let (plan, trainer, arguments) = (run.plan, run.trainer, start.arguments)
    base = run
    savedUpdates = trainer.totals.updates
    self.terminal = terminal
    let watched = try Self.watchedData(plan, arguments, terminal)
    var remarks = start.resumed?.remarks(after: trainer.totals.updates, data: start.data) ?? [:]
    changes = SettingChange.list(
      resumed: remarks["resumed"],
      settings: Dictionary(uniqueKeysWithValues: arguments.recorded.map { ($0.name, $0.value) })
        .merging(start.data.map { (SettingChange.dataPrefix + $0.option, $0.json) }) { own, _ in own
        })
    if trainer.ranks.count > 1 { remarks["ranks"] = .integer(trainer.ranks.count) }
    output = try RunOutput(
      arguments, subject: plan.task.name, continuing: start.continuation, data: start.data,
      remarks: remarks, terminal: terminal)
    try start.resumed?.requireNewest(in: output.folder)
    if start.resumed != nil, trainer.isFinished {
      terminal.note(
        "the run has made all of its \(NumberText.count(trainer.totals.updates, "update")); a larger --steps "
          + "goes on")
    }
    config = output.config(arguments)
    kept = KeptCheckpoints(in: output.folder, count: arguments[.keepCheckpoints])
    secondsBetweenCheckpoints = 60 * arguments[.checkpointEvery]
    // A new run's folder is its own from here on. One that goes on checks its logs first, so that a
    // refusal leaves everything as it is.
    if start.resumed == nil || !output.hasConfig { try output.writeConfig(arguments) }
    let done = trainer.totals.updates
    let held = start.resumed?.checkpoint.metadata[MetricsLog.heldKey]
    func expectation(
      _ name: String, _ columns: [String], upTo done: Int,
      _ check: @escaping ([[String]]) throws(FileProblem) -> Void
    ) -> ResumedLog.Expectation {
      .init(
        columns: columns, after: done,
        digest: start.resumed?.checkpoint.metadata[ResumedLog.key(name)], checking: check)
    }
    let logged = held == nil ? done : done - 1
    let rows = expectation(Self.metricsName, MetricsLog.columns, upTo: logged) {
      (rows) throws(FileProblem) in
      try LoggedSteps.requireEvery(upTo: logged, in: rows)
    }
    let every = watched == nil ? nil : arguments[.watchDecay]
    let curves = every.map { every in
      expectation(Self.watchName, DecayWatch<Element>.columns, upTo: done) {
        (rows) throws(FileProblem) in
        try LoggedSteps.requireMeasurements(every: every, upTo: done, in: rows)
      }
    }
    if let resumed = start.resumed, let curves {
      try ResumedLog.check(resumed.file(Self.watchName), curves)
    }
    let log = try Self.log(Self.metricsName, rows, MetricsLog.columns, output, start)
    var watchLog: CSVLog?
    if let curves {
      watchLog = try Self.log(
        Self.watchName, curves, DecayWatch<Element>.columns, output, start)
    }
    if start.resumed != nil { try output.writeConfig(arguments) }
    events = try Self.events(trainer, arguments, output, start, voids: log.droppedRows > 0)
    recordedEnd = start.resumed?.checkpoint.metadata[Self.endKey].flatMap { Int($0) }
    history = RunHistory(rows: log.resumedRows + (held.map { [MetricsLog.row(held: $0)] } ?? []))
    metrics = MetricsLog(log, holding: held) { [unowned trainer] in trainer.totals.seconds }
    if let watched, let watchLog {
      watch = Self.watch(watched, trainer, plan, arguments, log: watchLog)
    } else {
      watch = nil
    }
    if let events { watch?.didMeasure = { try events.didMeasure($0) } }
  }

  /// The record for TensorBoard: that of `--tensorboard`, and of a run that goes on where there is one. A
  /// folder of its own gets the files so far.
  ///
  /// - Parameter voids: whether an earlier try went further than the checkpoint. That is void even where
  ///   nothing more is recorded.
  private static func events(
    _ trainer: Trainer<Element>, _ arguments: Arguments, _ output: RunOutput,
    _ start: TrainingStart, voids: Bool
  ) throws -> TensorBoardLog<Element>? {
    guard let resumed = start.resumed else {
      return arguments[.tensorboard]
        ? TensorBoardLog(trainer, log: EventLog(in: output.folder)) : nil
    }
    let folder = resumed.file(".")
    guard arguments[.tensorboard] || !EventLog.names(in: folder).isEmpty else { return nil }
    try EventLog.copyAll(from: folder, to: output.folder)
    // What was measured before the first update is measured again.
    let done = trainer.totals.updates
    let log = EventLog(in: output.folder, continuingAfter: done > 0 ? done : -1)
    if voids { try log.begin() }
    return TensorBoardLog(trainer, log: log)
  }

  /// The key of a checkpoint's metadata for the number of updates at which its run has ended, with that
  /// recorded in event files.
  private static var endKey: String { "end in event files" }

  /// The log called `name`: a new one, or that of the run that goes on.
  private static func log(
    _ name: String, _ expected: ResumedLog.Expectation, _ columns: [String], _ output: RunOutput,
    _ start: TrainingStart
  ) throws -> CSVLog {
    let path = output.path(name)
    guard let resumed = start.resumed else { return try CSVLog(path: path, columns: columns) }
    return try ResumedLog.open(path, from: resumed.file(name), expected)
  }

  /// What `--watch-decay` measures on; nil without it.
  ///
  /// - Throws: `TrainingError.tooLarge` where whole sequences in Float64 do not fit, though training
  ///   by windows may; as ``DecayData``.
  private static func watchedData(
    _ plan: TrainingPlan, _ arguments: Arguments, _ terminal: Terminal
  ) throws -> DecayData? {
    guard arguments.wasGiven(.watchDecay) else { return nil }
    let data = try arguments.decayData(of: plan.task, rows: plan.settings.batch)
    let note = try MeasurementMemory.requireForCurves(
      RecurrentModel(plan.specification, plan.configuration), on: data.shape,
      threads: plan.settings.threads, recompute: plan.settings.recompute)
    if let note { terminal.note("--watch-decay: \(note)") }
    return data
  }

  private static func watch(
    _ data: DecayData, _ trainer: Trainer<Element>, _ plan: TrainingPlan, _ arguments: Arguments,
    log: CSVLog
  ) -> DecayWatch<Element> {
    let meter = DecayMeter(
      trainer.model, batch: data.batch(),
      lossAt: LossPlacement(rawValue: arguments[.lossAt]) ?? .last,
      threads: plan.settings.threads, recompute: plan.settings.recompute)
    return DecayWatch(trainer, every: arguments[.watchDecay], meter: meter, log: log)
  }

  /// Trains, and writes everything the run leaves behind.
  ///
  /// - Throws: `TrainingError.nonFinite` after the files of the run up to there are written.
  func run() throws -> ExitStatus {
    let progress = ProgressObserver(
      ProgressLine(
        firstStep: trainer.totals.updates, lastStep: plan.settings.updates, on: terminal))
    trainer.observers = [metrics, history, progress]
    if let events { trainer.observers.append(events) }
    trainer.observers.append(SavingObserver(self))
    if let watch { trainer.observers.append(watch) }
    Interrupt.install()
    try watch?.start()
    lastCheckpoint = .now
    trainer.isCheckpointDue = { [unowned self] in
      ContinuousClock.now - lastCheckpoint > .seconds(secondsBetweenCheckpoints)
    }
    let failure: TrainingError?
    do {
      failure = try base.train()
      try trainer.requireUnchangedFiles()
    } catch TrainingError.dataLost(let error) {
      progress.line.finish()
      throw try saved(after: error)
    }
    progress.line.finish()
    try save(after: failure)
    let outcome = try base.measure(after: failure)
    return try trainer.ranks.agree { try conclude(outcome, failure) }
  }

  /// Writes the rest, and says how the run ended.
  ///
  /// - Throws: `failure`.
  private func conclude(_ outcome: RunOutcome, _ failure: TrainingError?) throws -> ExitStatus {
    try finish(outcome, failure)
    if let failure { throw failure }
    if outcome == .nonFinite {
      terminal.warn("no update gave finite weights: all of them were left out")
      return .nonFinite
    }
    if outcome == .interrupted {
      terminal.tell(
        "interrupted after \(NumberText.count(trainer.totals.updates, "update")); go on with "
          + RunFolder.commandResuming(output.folder))
      return .interrupted
    }
    return .done
  }

  /// Saves the run up to where a file that it reads was no longer whole. Where a file was changed, nobody knows
  /// when: the last updates may be of other data, and the checkpoint before them stays.
  private func saved(after error: FileError) throws -> DataLostError {
    if trainer.isBetweenUpdates, error.isOfMissingData { try saveCheckpoint() }
    try saveBest()
    let checkpoint = output.path("checkpoint.safetensors")
    return DataLostError(
      error: error, updates: savedUpdates,
      checkpoint: FileManager.default.fileExists(atPath: checkpoint) ? checkpoint : nil)
  }

  /// Writes what a kill must not take away, before anything is measured at the end.
  private func save(after failure: TrainingError?) throws {
    if failure == nil {
      try saveCheckpoint()
    } else {
      // A run that broke off is gone on with from the checkpoint before, so that it meets the same batch
      // again: the place in the data has passed it.
      trainer.observers.removeAll { $0 is SavingObserver<Element> }
    }
    try saveModel(trainer.parameters, "model.safetensors")
    try saveBest()
  }

  private func finish(_ outcome: RunOutcome, _ failure: TrainingError?) throws {
    let updates = trainer.totals.updates
    if let watch {
      output.draw(
        decayFigure(watch), name: Self.heatMapName, formats: FigureFormat.allCases)
    }
    let isEndNew = events != nil && outcome != .interrupted && recordedEnd != updates
    if isEndNew {
      try recordEnd()
      recordedEnd = updates
    }
    // After all of the end is recorded, so that a kill takes nothing of it away. The test's time is the
    // run's too; the weights of a run that broke off were just evaluated.
    if failure == nil, test != nil || isEndNew { try saveCheckpoint() }
    if failure != nil { try saveBest() }
    try metrics.finish()
    try watch?.finish()
    output.draw(lossFigure, name: "loss", formats: [.svg, .png])
    try events?.synchronize()
    let summary = TrainingSummary(
      plan: plan, trainer: trainer, test: test,
      decay: watch?.milestones(
        losses: history.course, baseline: plan.task.baselineLoss(in: plan.task.selectionSplit)),
      changes: changes, outcome: outcome)
    summary.print(on: terminal, folder: output.folder)
    try output.writeSummary(summary.json)
  }

  /// Adds what is known at the end to the event file.
  private func recordEnd() throws {
    if let test { try events?.append(test) }
    guard watch != nil else { return }
    if let png = FileManager.default.contents(atPath: output.path("\(Self.heatMapName).png")) {
      try events?.append(picture: png, named: "decay/heat_map")
    }
  }

  // MARK: Files

  fileprivate func requireUnchangedFiles() throws { try trainer.requireUnchangedFiles() }

  fileprivate func saveCheckpoint() throws {
    guard trainer.parameters.values.isFinite else { return }
    // The rows that the checkpoint counts on are on the disk before it is.
    var metadata = fileMetadata
    let (digest, held) = try metrics.synchronize(holdingLast: trainer.isEvaluationDue)
    metadata[ResumedLog.key(Self.metricsName)] = digest
    metadata[MetricsLog.heldKey] = held
    if let watch { metadata[ResumedLog.key(Self.watchName)] = try watch.synchronize() }
    try events?.synchronize()
    metadata[Self.endKey] = recordedEnd.map { "\($0)" }
    try trainer.saveCheckpoint(to: output.path("checkpoint.safetensors"), metadata: metadata)
    try kept.add(after: trainer.totals.updates)
    (lastCheckpoint, savedUpdates) = (.now, trainer.totals.updates)
  }

  fileprivate func saveBest() throws {
    guard let best = trainer.best else { return }
    try saveModel(best, "best.safetensors")
  }

  private func saveModel(_ parameters: Parameters<Element>, _ name: String) throws {
    guard parameters.values.isFinite else { return }
    try ModelFile.write(
      parameters, specification: plan.specification, configuration: plan.configuration,
      metadata: fileMetadata, to: output.path(name))
  }

  /// What models and checkpoints keep of the run: its identity and options, and what was derived from
  /// its data.
  private var fileMetadata: [String: String] {
    plan.modelMetadata.merging([
      "config": config.encoded(), RunIdentity.key: output.run.id,
    ]) { own, _ in own }
  }
}

/// Saves at evaluations, the checkpoint each time and the best model when it is one, and when a checkpoint is
/// due between them.
private final class SavingObserver<Element: Scalar>: TrainingObserver {
  private unowned let session: TrainingSession<Element>

  init(_ session: TrainingSession<Element>) { self.session = session }

  func didEvaluate(_ record: EvaluationRecord, isBest: Bool) throws {
    if isBest { try session.saveBest() }
    try session.saveCheckpoint()
  }

  func checkpointIsDue() throws {
    try session.requireUnchangedFiles()
    try session.saveCheckpoint()
  }
}

extension FileError {
  /// Whether data are missing since they could not be read, rather than having been changed.
  fileprivate var isOfMissingData: Bool {
    if case .changed = self { false } else { true }
  }
}
