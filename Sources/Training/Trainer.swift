import Foundation
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText

/// Trains a model on a task by truncated backpropagation through time.
///
/// Workers own rows of the batch: each fills its rows with data, runs forward and backward over
/// them and leaves its gradients in a buffer of its own. These are summed in a fixed order, so that
/// a run is bit-identical for a seed and thread count. After the first update, an update allocates
/// nothing.
///
/// Where several ``Ranks`` train together, each owns rows of the batch in the same way and has all of
/// the weights. The gradients are summed over the ranks, and every rank makes the same update.
///
/// ``TrainingSettings`` name a built-in optimizer and clipping rule; an `Optimizer`, a `ClippingRule`
/// and a `Loss` of your own are passed beside them:
///
///     let trainer = try Trainer(
///       model: model, parameters: parameters, task: task, settings: settings,
///       optimizer: SignDescent<Float>(), loss: AbsoluteError())
///     try trainer.run()
public final class Trainer<Element: Scalar> {
  /// The network's structure.
  public let model: RecurrentModel
  /// Where the data come from.
  public let task: any SequenceTask
  /// How the model is trained. `optimizer`, `optimizerSettings` and `clipping` count only where the
  /// trainer was given none of its own.
  public let settings: TrainingSettings
  /// What turns gradients into updates.
  public let optimizer: any Optimizer<Element>
  /// What is done to gradients that are too large.
  public let clipping: any ClippingRule
  /// What the outputs are judged by.
  public let loss: any Loss
  /// The weights, updated in place.
  public let parameters: Parameters<Element>
  /// The processes that share the rows of a batch. They all call the same functions in the same order,
  /// except for observers.
  public let ranks: Ranks
  /// The gradient of the last update as the optimizer took it, so after clipping: a row [1, parameters],
  /// laid out as ``parameters``. Zeros before the first update.
  public var gradient: Matrix<Element> { shared.update.gradient }
  /// Counts and means over the run so far.
  public internal(set) var totals = TrainingTotals()
  /// The weights at the lowest validation loss so far, or at the lowest loss on the training data of a
  /// task without validation data; nil before the first evaluation.
  public internal(set) var best: Parameters<Element>?
  /// What is kept of a window's states and what it costs, for people; nil where all are kept.
  package let recomputeNote: String?
  /// Told of every update and evaluation, in their order.
  public var observers: [any TrainingObserver] = []

  /// Asked after every update: whether a checkpoint is to be saved before the next evaluation. Where ranks
  /// train together it is asked of each, and what one says holds for all.
  package var isCheckpointDue: () -> Bool = { false }
  /// Whether all that has been computed belongs to updates that were made, so that a checkpoint can be saved
  /// also after an error.
  package private(set) var isBetweenUpdates = true

  let shared: TrainingState<Element>
  private let workers: Workers
  private let phases: Phases
  let evaluator: Evaluator<Element>
  private let length: Int
  private var previousNorm: Double?

  /// A trainer that goes on from `parameters`, which it updates in place.
  ///
  /// - Parameters:
  ///   - optimizer: an optimizer for as many weights as the model has parameters, used by this trainer
  ///     alone; nil makes the one of `settings`.
  ///   - clipping: nil takes the rule of `settings`.
  ///   - loss: nil takes the target's own, `TargetKind.loss`. The task's baseline and criterion are
  ///     about that one.
  ///   - ranks: the processes that share the batch, which all make this trainer.
  /// - Throws: ``TrainingError/streamNeedsWindow(task:)`` when a stream is to be trained at full
  ///   length, ``TrainingError/noTargets(task:)``,
  ///   ``TrainingError/regularizerNeedsRNN(regularizer:cell:)``,
  ///   ``TrainingError/recomputeSize(given:least:)``, ``TrainingError/tooFewRows(batch:ranks:)``.
  public init(
    model: RecurrentModel, parameters: Parameters<Element>, task: any SequenceTask,
    settings: TrainingSettings, optimizer: (any Optimizer<Element>)? = nil,
    clipping: (any ClippingRule)? = nil, loss: (any Loss)? = nil, ranks: Ranks = .single
  ) throws(TrainingError) {
    try Self.requireTrainable(model, task, settings, ranks: ranks.count)
    self.ranks = ranks
    self.model = model
    self.task = task
    self.settings = settings
    self.parameters = parameters
    length = task.timeSteps(in: .train, rows: settings.batch)
    let optimizer =
      optimizer
      ?? settings.optimizer.make(
        count: parameters.layout.count, settings: settings.optimizerSettings)
    let clipping = clipping ?? settings.clipping
    let loss = loss ?? model.configuration.target.loss
    (self.optimizer, self.clipping, self.loss) = (optimizer, clipping, loss)
    for (name, values) in optimizer.state {
      require(
        values.count == parameters.layout.count,
        "expected \(parameters.layout.count) elements of \(name) in the optimizer \(optimizer.name), "
          + "got \(values.count)")
    }
    let recompute = try MemoryEstimate.recompute(
      model: model, task: task, settings: settings, as: Element.self)
    recomputeNote = recompute.note
    let shards = zip(
      ranks.share(of: 0..<settings.batch).cut(into: settings.threads), recompute.plans
    ).map {
      BatchShard<Element>(
        model: model, task: task, settings: settings, clipping: clipping, loss: loss, rows: $0,
        recompute: $1)
    }
    let weights = PackedParameters(model, parameters)
    let update = GradientUpdate(
      parameters, gradients: shards.map(\.gradients.values),
      references: shards.compactMap(\.reference?.values), settings: settings, optimizer: optimizer,
      clipping: clipping, isSummedByRanks: ranks.count > 1)
    let shared = TrainingState(weights: weights, shards: shards, update: update)
    self.shared = shared
    workers = Workers(count: shards.count)
    phases = Phases(
      fillShard: { shared.fillShard($0) }, runWindow: { shared.runWindow($0) },
      combineGradients: { shared.combineGradients($0) },
      sumGradients: { shared.sumGradients($0) }, applyUpdate: { shared.applyUpdate($0) })
    evaluator = Evaluator(
      weights, task: task, split: task.selectionSplit, trainingRows: settings.batch,
      threads: settings.threads, loss: loss, ranks: ranks)
  }

  /// A trainer of a fresh model.
  ///
  /// - Throws: ``TrainingError``, also when the buffers would not fit the machine's memory; nothing
  ///   is allocated then.
  public convenience init(
    _ specification: CellSpecification, _ configuration: ModelConfiguration,
    task: any SequenceTask, settings: TrainingSettings, seed: UInt64, ranks: Ranks = .single
  ) throws(TrainingError) {
    let model = RecurrentModel(specification, configuration)
    try Self.validate(model, task: task, settings: settings, ranks: ranks.count)
    try self.init(
      model: model, parameters: model.initialParameters(specification, seed: seed), task: task,
      settings: settings, ranks: ranks)
  }

  /// Refuses, before anything is allocated, what a trainer of a fresh model would.
  ///
  /// - Parameter ranks: how many processes share the batch.
  /// - Throws: ``TrainingError/streamNeedsWindow(task:)``, ``TrainingError/noTargets(task:)``,
  ///   ``TrainingError/regularizerNeedsRNN(regularizer:cell:)``,
  ///   ``TrainingError/tooFewRows(batch:ranks:)``, ``TrainingError/tooLarge(bytes:available:)``,
  ///   ``TrainingError/recomputeSize(given:least:)``.
  public static func validate(
    _ model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings, ranks: Int = 1
  ) throws(TrainingError) {
    try requireTrainable(model, task, settings, ranks: ranks)
    try MemoryEstimate.check(model: model, task: task, settings: settings, as: Element.self)
  }

  private static func requireTrainable(
    _ model: RecurrentModel, _ task: any SequenceTask, _ settings: TrainingSettings, ranks: Int
  ) throws(TrainingError) {
    if settings.regularizer != .none, !(model.cell is RNNCell) {
      throw .regularizerNeedsRNN(
        regularizer: settings.regularizer.description, cell: model.cell.name)
    }
    if task.isStream && settings.truncation == .full {
      throw .streamNeedsWindow(task: task.name)
    }
    let length = task.timeSteps(in: .train, rows: settings.batch)
    if task.supervision(in: .train, steps: length).supervised.isEmpty {
      throw .noTargets(task: task.name)
    }
    if settings.batch < ranks { throw .tooFewRows(batch: settings.batch, ranks: ranks) }
  }

  /// The criterion in force.
  public var criterion: SolveCriterion? { settings.criterion(for: task) }

  /// Whether an evaluation has met the criterion.
  public var isSolved: Bool { totals.updatesToSolve != nil }

  /// Whether all updates are made, or the task is solved where that is to end the run, and the
  /// evaluation after the last update is taken.
  public var isFinished: Bool { !wantsUpdates && !isEvaluationDue }

  private var wantsUpdates: Bool {
    totals.updates < settings.updates && !(settings.stopsWhenSolved && isSolved)
  }

  /// Trains until `settings.updates` updates are made, the task is solved (where that is asked for)
  /// or `shouldStop` says so, which is asked after every update and during evaluations. Ranks that
  /// train together stop together, when one of them is asked to: at the latest after one update more.
  ///
  /// - Throws: ``TrainingError/nonFinite(update:loss:norm:previousNorm:)``, or what an observer throws.
  public func run(until shouldStop: () -> Bool = { false }) throws {
    try train(until: shouldStop)
    // Not after an error of this rank alone: the others are elsewhere then.
    gatherState()
  }

  private func train(until shouldStop: () -> Bool) throws {
    let start = ContinuousClock.now
    let before = totals.seconds
    func takeTime() { totals.seconds = before + (ContinuousClock.now - start).seconds }
    defer { takeTime() }
    (shared.wantsToStop, shared.mustStop) = (false, false)
    if try !evaluateWhereDue(until: shouldStop) { return }
    while wantsUpdates, !mustStop(shouldStop) {
      let record = try step()
      takeTime()
      for observer in observers { try observer.didUpdate(record) }
      if try !evaluateWhereDue(until: shouldStop) { return }
      if mustSave() {
        gatherState()
        for observer in observers { try observer.checkpointIsDue() }
      }
    }
  }

  /// Whether to stop. Ranks tell each other with the next gradient, so that they stop at the same
  /// update.
  private func mustStop(_ shouldStop: () -> Bool) -> Bool {
    if ranks.count == 1 { return shouldStop() }
    shared.wantsToStop = shared.wantsToStop || shouldStop()
    return shared.mustStop
  }

  /// Whether to save. Ranks tell each other with the next gradient, because all of them have a part in it.
  private func mustSave() -> Bool {
    if ranks.count == 1 { return isCheckpointDue() }
    if shared.mustSave { shared.wantsToSave = false }
    shared.wantsToSave = shared.wantsToSave || !shared.mustSave && isCheckpointDue()
    return shared.mustSave
  }

  /// Makes one update.
  ///
  /// - Throws: ``TrainingError/nonFinite(update:loss:norm:previousNorm:)`` under the policy `stop`.
  @discardableResult
  public func step() throws(TrainingError) -> UpdateRecord {
    let start = ContinuousClock.now
    defer { totals.updateSeconds += (ContinuousClock.now - start).seconds }
    isBetweenUpdates = true
    shared.takesReference =
      settings.measuresClipping && clipping.stateLimit != nil
      && (totals.updates + 1) % ClippingEffect.stateInterval == 0
    let loss =
      try runToNextLoss() + settings.penalty.loss(of: parameters) + shared.regularization
    let update = shared.update
    update.start(wasClamped: shared.wasClamped, isCompared: shared.takesReference)
    runUpdate(phases.sumGradients)
    update.finishSum()
    let rate = settings.schedule.rate(at: totals.updates)
    var finite = loss.isFinite && update.norm.isFinite
    if finite {
      update.prepare(rate: rate, step: totals.updates - totals.nonFinite + 1)
      runUpdate(phases.applyUpdate)
      finite = update.finish()
    }
    let record = UpdateRecord(
      update: totals.updates + 1, loss: loss, gradientNorm: update.norm,
      clipped: finite && update.wasClipped, learningRate: rate, finite: finite,
      clippingEffect: finite ? update.effect : nil)
    if !finite && settings.nonFinite == .stop {
      throw .nonFinite(
        update: record.update, loss: loss, norm: update.norm, previousNorm: previousNorm)
    }
    previousNorm = update.norm
    totals.add(record)
    isBetweenUpdates = true
    return record
  }

  /// The parts of an update that workers share, made once so that an update allocates nothing.
  private struct Phases {
    let fillShard, runWindow, combineGradients, sumGradients, applyUpdate: Workers.Body
  }

  /// Runs a phase of the update on the workers that have a part in it.
  private func runUpdate(_ phase: @escaping Workers.Body) {
    if shared.update.parts == 1 { phase(0) } else { workers.run(phase) }
  }

  /// After as many batches in a row without a target, the task is taken to have none.
  private static var mostBatchesWithoutTarget: Int { 1000 }

  /// Runs windows until one has targets, and gives its mean loss.
  ///
  /// - Throws: ``TrainingError/noTargets(task:)``.
  private func runToNextLoss() throws(TrainingError) -> Double {
    var isFirst = true
    let lastSequence = shared.cursor.sequence + Self.mostBatchesWithoutTarget
    while true {
      guard let window = settings.truncation.window(shared.cursor.window, of: length) else {
        shared.cursor = DataCursor(sequence: shared.cursor.sequence + 1, window: 0)
        if shared.cursor.sequence >= lastSequence { throw .noTargets(task: task.name) }
        continue
      }
      shared.prepare(
        window, isFirst: isFirst, isStream: task.isStream, location: location(of: window),
        next: nextStart)
      isFirst = false
      workers.run(phases.fillShard)
      do { try task.requireWholeFiles() } catch { throw .dataLost(error) }
      isBetweenUpdates = false
      let targets = shared.countTargets(
        on: ranks, batch: settings.batch, isFull: task.hasEveryTarget)
      workers.run(phases.runWindow)
      shared.cursor.window += 1
      guard targets > 0 else { continue }
      shared.collect()
      if ranks.count > 1 {
        runUpdate(phases.combineGradients)
        shared.exchange(over: ranks)
      }
      return shared.lossSum / targets
    }
  }

  private func location(of window: BPTTWindow) -> BatchLocation {
    BatchLocation(
      split: .train, sequence: task.isStream ? 0 : shared.cursor.sequence * settings.batch,
      rows: settings.batch, step: task.isStream ? window.start : 0, isForTraining: true)
  }

  /// Where the window after the present one starts.
  private var nextStart: Int? {
    settings.truncation.window(shared.cursor.window + 1, of: length)?.start
  }
}

/// Where training stands in its data: the batch of sequences (or pass over the stream), and the
/// window that comes next.
struct DataCursor: Sendable, Equatable {
  var sequence = 0
  var window = 0
}
