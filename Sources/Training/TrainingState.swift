import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// What a trainer and its workers share.
///
/// An update is made of phases, in this order: ``prepare(_:isFirst:isStream:location:next:)`` on the
/// trainer's thread, then on every worker ``fillShard(_:)``, ``runWindow(_:)``, ``sumGradients(_:)``
/// and ``applyUpdate(_:)``. The trainer writes between phases; within one, workers only read the
/// shared values and write to their own shards. That makes the class safe to share.
final class TrainingState<Element: Scalar>: @unchecked Sendable {
  let weights: PackedParameters<Element>
  let shards: [BatchShard<Element>]
  /// Of this rank.
  private let rows: Int
  let update: GradientUpdate<Element>
  var cursor = DataCursor()
  private var window = BPTTWindow(start: 0, lossStart: 0, end: 0)
  private var location = BatchLocation(split: .train, sequence: 0, rows: 0)
  private var needsData = true
  private var packsWeights = true
  private var resetsState = true
  private var nextStart: Int?
  private var isStream = false
  private var targets = 0.0
  private let targetSum = Matrix<Double>(rows: 1, columns: 1)
  /// What is summed beside the gradient; see `Place`.
  private let sums = Matrix<Double>(rows: 1, columns: Place.allCases.count)

  /// Trains on the first batch forever: for measuring.
  var repeatsData = false
  /// Whether shards also take their gradients without clipping in the backward pass.
  var takesReference = false
  /// False leaves subnormal numbers as they are: for measuring.
  var flushesSubnormals = true
  /// Whether this rank is to stop, which it tells the others with its next gradient.
  var wantsToStop = false
  /// Whether one of the ranks was, at the last gradient.
  var mustStop = false
  /// Whether this rank asks for a checkpoint, which it tells the others with its next gradient.
  var wantsToSave = false
  /// Whether one of the ranks did, at the last gradient.
  var mustSave = false
  /// What the ranks have spent on each other's gradients.
  var exchangeSeconds = 0.0
  /// The state before the next window of all ranks' rows, as it was last gathered; nil for one rank,
  /// which has it at hand.
  var gatheredState: [Matrix<Element>]?
  /// False after a resume in the middle of a sequence.
  var shardsAreFilled = false

  init(
    weights: PackedParameters<Element>, shards: [BatchShard<Element>],
    update: GradientUpdate<Element>
  ) {
    self.weights = weights
    self.shards = shards
    rows = shards.reduce(0) { $0 + $1.rows.count }
    self.update = update
  }

  // MARK: Phases

  /// Sets up the next window.
  ///
  /// - Parameters:
  ///   - isFirst: whether it begins an update, so that the weights may have changed.
  ///   - location: where its data are.
  ///   - next: where the window after it starts; nil at the end of a sequence.
  @_specialize(where Element == Float)
  func prepare(
    _ window: BPTTWindow, isFirst: Bool, isStream: Bool, location: BatchLocation, next: Int?
  ) {
    self.window = window
    packsWeights = isFirst
    self.location = location
    self.isStream = isStream
    // A stream's batch holds one window; other batches hold whole sequences, filled once.
    needsData = !shardsAreFilled || !repeatsData && (isStream || cursor.window == 0)
    resetsState = window.start == 0
    nextStart = next
    shardsAreFilled = true
  }

  /// Fills a worker's rows with data, and packs its part of the weights. All targets must be there
  /// before any loss is taken, because the loss is a mean over them.
  @_specialize(where Element == Float)
  func fillShard(_ worker: Int) {
    if needsData { shards[worker].fill(from: location) }
    if packsWeights { weights.refresh(part: worker, of: shards.count) }
  }

  /// Runs the window forward and backward over a worker's rows, and carries their state on.
  @_specialize(where Element == Float)
  func runWindow(_ worker: Int) {
    let shard = shards[worker]
    flushingSubnormals(flushesSubnormals) {
      if resetsState { shard.workspace.resetState(weights) }
      let carrying = nextStart.map { $0 - window.start }
      shard.run(
        windowInBatch, weights, targets: targets, takesReference: takesReference,
        carrying: carrying)
      if let carrying { shard.workspace.carryState(after: carrying) }
    }
  }

  /// Sums a worker's part of the gradient over this rank's shards, for the other ranks.
  @_specialize(where Element == Float)
  func combineGradients(_ worker: Int) {
    guard worker < update.parts else { return }
    flushingSubnormals(flushesSubnormals) {
      update.combine(part: worker, withReference: takesReference)
    }
  }

  /// Sums a worker's part of the gradient over all shards.
  @_specialize(where Element == Float)
  func sumGradients(_ worker: Int) {
    guard worker < update.parts else { return }
    flushingSubnormals(flushesSubnormals) { update.sum(part: worker) }
  }

  /// Clips a worker's part of the gradient and updates those weights.
  @_specialize(where Element == Float)
  func applyUpdate(_ worker: Int) {
    guard worker < update.parts else { return }
    flushingSubnormals(flushesSubnormals) { update.apply(part: worker) }
  }

  // MARK: Over all shards

  /// The window in the batch's own steps.
  private var windowInBatch: BPTTWindow {
    guard isStream else { return window }
    return BPTTWindow(
      start: 0, lossStart: window.lossStart - window.start, end: window.end - window.start)
  }

  /// The targets of the window over all rows of the batch. The backward pass needs them, for the mean's
  /// divisor, so ranks tell each other how many they have; but where every row has all of its targets,
  /// the others' rows have as many each as this rank's.
  @_specialize(where Element == Float)
  func countTargets(on ranks: Ranks, batch: Int, isFull: Bool) -> Double {
    targets = 0
    for shard in shards { targets += shard.targetCount(in: windowInBatch.lossSteps) }
    guard ranks.count > 1 else { return targets }
    if isFull {
      targets = targets / Double(rows) * Double(batch)
      return targets
    }
    targetSum[0, 0] = targets
    ranks.sum(targetSum)
    targets = targetSum[0, 0]
    return targets
  }

  /// Sums over the shards what the window gave beside the gradient.
  @_specialize(where Element == Float)
  func collect() {
    sums.fill(0)
    for shard in shards {
      sums[0, Place.loss.rawValue] += shard.sum.loss
      sums[0, Place.regularization.rawValue] += shard.regularization
      if shard.wasClamped { sums[0, Place.clamped.rawValue] += 1 }
    }
    sums[0, Place.stop.rawValue] = wantsToStop ? 1 : 0
    sums[0, Place.save.rawValue] = wantsToSave ? 1 : 0
  }

  /// Sums the gradient over all ranks, and what ``collect()`` has summed over this one's shards.
  @_specialize(where Element == Float)
  func exchange(over ranks: Ranks) {
    let start = ContinuousClock.now
    ranks.sum(update.gradient, scalars: sums)
    if takesReference, wasClamped, let reference = update.reference { ranks.sum(reference) }
    mustStop = sums[0, Place.stop.rawValue] > 0
    mustSave = sums[0, Place.save.rawValue] > 0
    exchangeSeconds += (ContinuousClock.now - start).seconds
  }

  /// What is summed over shards and ranks beside the gradient.
  private enum Place: Int, CaseIterable {
    case loss, regularization, clamped, stop, save
  }

  /// Whether a shard's last backward pass was clipped.
  var wasClamped: Bool { sums[0, Place.clamped.rawValue] > 0 }

  var lossSum: Double { sums[0, Place.loss.rawValue] }

  /// The regularizer's term over the window.
  var regularization: Double { sums[0, Place.regularization.rawValue] }
}
