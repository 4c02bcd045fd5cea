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
  private let plan: TrainingPlan
  private let trainer: Trainer<Element>
  private let output: RunOutput
  private let terminal: Terminal
  private let config: JSONValue
  private let history: RunHistory
  private let metrics: MetricsLog
  private let watch: DecayWatch<Element>?
  /// What was read at the end of the run.
  private var test: TestRecord?

  /// - Parameter checkpoint: the run to go on with.
  init(
    _ plan: TrainingPlan, arguments: Arguments, checkpoint: SafetensorsFile?, terminal: Terminal
  ) throws {
    self.plan = plan
    self.terminal = terminal
    for warning in plan.task.warnings(rows: plan.settings.batch) { terminal.warn(warning) }
    let watched = try Self.watchedData(plan, arguments)
    let trainer: Trainer<Element> = try plan.trainer()
    self.trainer = trainer
    if let checkpoint {
      try trainer.restore(from: checkpoint)
      try Self.requireNoFewer(than: trainer.totals.updates, arguments)
    }
    output = try RunOutput(
      arguments, subject: plan.task.name, resuming: checkpoint?.path, terminal: terminal)
    config = RunOutput.config(arguments)
    try output.writeConfig(arguments)

    if watched == nil { output.removeLeftovers(of: "decay-over-training") }

    let path = output.path("metrics.csv")
    let done = trainer.totals.updates
    // The row of an evaluation that is still to be made.
    var held: [String]?
    let log =
      checkpoint == nil
      ? try CSVLog(path: path, columns: MetricsLog.columns)
      : try CSVLog(resuming: path, columns: MetricsLog.columns) { row in
        guard let step = row.first.flatMap({ Int($0) }), step <= done else { return false }
        guard step == done, trainer.isEvaluationDue else { return true }
        held = row
        return false
      }
    history = RunHistory(rows: log.resumedRows + (held.map { [$0] } ?? []))
    metrics = MetricsLog(log, holding: held) { [unowned trainer] in trainer.totals.seconds }
    let curves = output.path("decay-over-training.csv")
    watch = try watched.map {
      try Self.watch(
        $0, trainer, plan, arguments, path: curves, isResumed: checkpoint != nil)
    }
  }

  /// A run cannot be resumed to an end that it has passed: its config.json would then say less than
  /// was done.
  ///
  /// - Throws: `UsageError.rejected`.
  private static func requireNoFewer(than done: Int, _ arguments: Arguments) throws {
    let steps = arguments[.steps]
    guard steps < done else { return }
    throw UsageError.rejected(
      OptionTable.row("steps"), value: "\(steps)", origin: .commandLine,
      accepted: "at least the \(done) updates that the checkpoint has made")
  }

  /// What `--watch-decay` measures on; nil without it.
  ///
  /// - Throws: `TrainingError.tooLarge` where whole sequences in Float64 do not fit, though training
  ///   by windows may; as ``DecayData``.
  private static func watchedData(
    _ plan: TrainingPlan, _ arguments: Arguments
  ) throws -> DecayData? {
    guard arguments.wasGiven(.watchDecay) else { return nil }
    let data = try arguments.decayData(of: plan.task, rows: plan.settings.batch)
    try MeasurementMemory.requireForCurves(
      RecurrentModel(plan.specification, plan.configuration), on: data.shape)
    return data
  }

  private static func watch(
    _ data: DecayData, _ trainer: Trainer<Element>, _ plan: TrainingPlan, _ arguments: Arguments,
    path: String, isResumed: Bool
  ) throws -> DecayWatch<Element> {
    let columns = DecayWatch<Element>.columns
    let done = trainer.totals.updates
    let log =
      isResumed
      ? try CSVLog(resuming: path, columns: columns) { row in
        row.first.flatMap { Int($0) }.map { $0 <= done } ?? false
      } : try CSVLog(path: path, columns: columns)
    let meter = DecayMeter(
      trainer.model, batch: data.batch(),
      lossAt: LossPlacement(rawValue: arguments[.lossAt]) ?? .last,
      threads: plan.settings.threads)
    return DecayWatch(trainer, every: arguments[.watchDecay], meter: meter, log: log)
  }

  /// Trains, and writes everything the run leaves behind.
  ///
  /// - Throws: `TrainingError.nonFinite` after the files of the run up to there are written.
  func run() throws -> ExitStatus {
    let progress = ProgressObserver(
      ProgressLine(
        firstStep: trainer.totals.updates, lastStep: plan.settings.updates, on: terminal))
    trainer.observers = [metrics, history, progress, SavingObserver(self)]
    if let watch { trainer.observers.append(watch) }
    Interrupt.install()
    var failure: TrainingError?
    do {
      try watch?.start()
      try trainer.run(until: { Interrupt.isRequested })
    } catch let error as TrainingError {
      failure = error
    }
    progress.line.finish()
    try save()
    let outcome = try measure(failure)
    try finish(outcome)
    if let failure { throw failure }
    if outcome == .interrupted {
      terminal.note(
        "interrupted after \(NumberText.count(trainer.totals.updates)) updates; go on with --resume "
          + output.path("checkpoint.safetensors"))
      return .interrupted
    }
    return .done
  }

  /// Writes what a kill must not take away, before anything is measured at the end.
  private func save() throws {
    try saveCheckpoint()
    try saveModel(trainer.parameters, "model.safetensors")
    try saveBest()
  }

  /// Takes the test of a run that has ended, which may take long and can be interrupted like the
  /// training itself.
  private func measure(_ failure: TrainingError?) throws -> RunOutcome {
    let isStopped = { Interrupt.isRequested }
    if failure != nil, trainer.totals.lastEvaluation == nil, trainer.parameters.values.isFinite {
      _ = try trainer.evaluate(until: isStopped)
    }
    if failure != nil || trainer.isFinished {
      test = trainer.test(until: isStopped)
      if test != nil || !plan.task.has(.test) { return failure == nil ? .finished : .nonFinite }
    }
    return failure == nil ? .interrupted : .nonFinite
  }

  private func finish(_ outcome: RunOutcome) throws {
    try metrics.finish()
    try watch?.finish()
    try saveCheckpoint()
    try saveBest()
    try output.draw(figure, name: "loss", formats: [.svg, .png])
    if let watch {
      try output.draw(
        decayFigure(watch), name: "decay-over-training", formats: FigureFormat.allCases)
    }
    let summary = TrainingSummary(
      plan: plan, trainer: trainer, test: test,
      decay: watch?.milestones(
        losses: history.course, baseline: plan.task.baselineLoss(in: plan.task.selectionSplit)),
      outcome: outcome)
    summary.print(on: terminal, folder: output.folder)
    try output.writeSummary(summary.json)
  }

  // MARK: Files

  fileprivate func saveCheckpoint() throws {
    guard trainer.parameters.values.isFinite else { return }
    try trainer.saveCheckpoint(
      to: output.path("checkpoint.safetensors"), metadata: ["config": config.encoded()])
  }

  fileprivate func saveBest() throws {
    guard let best = trainer.best else { return }
    try saveModel(best, "best.safetensors")
  }

  private func saveModel(_ parameters: Parameters<Element>, _ name: String) throws {
    guard parameters.values.isFinite else { return }
    try ModelFile.write(
      parameters, specification: plan.specification, configuration: plan.configuration,
      metadata: plan.modelMetadata.merging(["config": config.encoded()]) { own, _ in own },
      to: output.path(name))
  }

  private func decayFigure(_ watch: DecayWatch<Element>) -> DecayOverTrainingFigure {
    DecayOverTrainingFigure(
      title: "Gradient reaching back through time, while learning",
      subtitle: "\(plan.task.name), \(plan.specification)   ·   " + TrainingSummary.sizes(plan)
        + (plan.configuration.layers > 1 ? "   ·   top layer" : ""),
      path: watch.path,
      measurements: watch.measurements.map {
        .init(step: $0.step, norms: $0.norms, halfLife: $0.fit.halfLife, horizon: $0.fit.horizon)
      },
      losses: Array(zip(history.steps, history.losses)),
      lossName: plan.task.lossName + (plan.settings.hasPenalties ? " with penalties" : ""))
  }

  private var figure: LossFigure {
    let task = plan.task
    var threshold: Double?
    if case .norm(let limit) = plan.settings.clipping { threshold = limit }
    return LossFigure(
      title: "\(task.name), \(plan.specification)",
      subtitle: TrainingSummary.sizes(plan),
      steps: history.steps, losses: history.losses, gradientNorms: history.norms,
      validations: history.validations.map { .init(step: $0.step, loss: $0.loss) },
      baseline: .init(
        value: task.baselineLoss(in: task.selectionSplit), name: task.baselineName),
      clipThreshold: threshold, lossName: task.lossName)
  }
}

/// Saves at evaluations: the checkpoint each time, the best model when it is one.
private final class SavingObserver<Element: Scalar>: TrainingObserver {
  private unowned let session: TrainingSession<Element>

  init(_ session: TrainingSession<Element>) { self.session = session }

  func didEvaluate(_ record: EvaluationRecord, isBest: Bool) throws {
    if isBest { try session.saveBest() }
    try session.saveCheckpoint()
  }
}
