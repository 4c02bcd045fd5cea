import DenseMath
import Optimisation
import RecurrentCells
import SequenceTasks

/// What a trainer and its workers share. The trainer writes between runs of the workers, which only
/// read it and write to their own lanes.
final class TrainingShare<Element: Scalar>: @unchecked Sendable {
  /// Data and the weights' layout first: the loss's scale needs every lane's number of targets.
  enum Phase {
    case fill, pass, sum, update
  }

  let weights: LaidOutParameters<Element>
  let lanes: [Lane<Element>]
  let update: GradientUpdate<Element>
  var position = Position()
  var phase = Phase.fill
  private var pass = Pass(start: 0, lossStart: 0, end: 0)
  private var place = Place(split: .train, sequence: 0, rows: 0)
  private var needsData = true
  private var laysOut = true
  private var resetsState = true
  private var nextStart: Int?
  private var isStream = false
  private var targets = 0.0

  init(
    weights: LaidOutParameters<Element>, lanes: [Lane<Element>], update: GradientUpdate<Element>
  ) {
    self.weights = weights
    self.lanes = lanes
    self.update = update
  }

  /// Sets up the next pass: `place` says where its data are, `next` where the pass after it starts.
  ///
  /// - Parameter isFirst: of its update, so that the weights may have changed.
  func prepare(_ pass: Pass, isFirst: Bool, isStream: Bool, place: Place, next: Int?) {
    self.pass = pass
    laysOut = isFirst
    self.place = place
    self.isStream = isStream
    // A stream's batch holds one pass; other batches hold whole sequences, filled once.
    needsData =
      !lanesAreFilled || !repeatsData && (isStream || position.window == 0)
    resetsState = pass.start == 0
    nextStart = next
    phase = .fill
    lanesAreFilled = true
  }

  /// Trains on the first batch for ever: for measuring.
  var repeatsData = false
  /// Whether lanes take their gradients without clipping on the way back as well.
  var takesReference = false
  /// False leaves subnormal numbers as they are: for measuring.
  var flushesSubnormals = true
  /// False after a resume in the middle of a sequence.
  var lanesAreFilled = false

  func run(worker: Int) {
    let lane = lanes[worker]
    switch phase {
    case .fill:
      if needsData { lane.fill(from: place) }
      if laysOut { weights.refresh(part: worker, of: lanes.count) }
    case .pass:
      flushingSubnormals(flushesSubnormals) {
        if resetsState { lane.window.resetState(weights) }
        lane.run(passInBatch, weights, targets: targets, takesReference: takesReference)
        if let nextStart { lane.window.carryState(after: nextStart - pass.start) }
      }
    case .sum:
      if worker < update.parts {
        flushingSubnormals(flushesSubnormals) { update.sum(part: worker) }
      }
    case .update:
      if worker < update.parts {
        flushingSubnormals(flushesSubnormals) { update.apply(part: worker) }
      }
    }
  }

  /// The pass in the batch's own steps.
  private var passInBatch: Pass {
    guard isStream else { return pass }
    return Pass(start: 0, lossStart: pass.lossStart - pass.start, end: pass.end - pass.start)
  }

  /// The targets of the present pass over all lanes.
  func countTargets() -> Double {
    targets = 0
    for lane in lanes { targets += lane.targetCount(in: passInBatch.lossSteps) }
    return targets
  }

  /// Whether a lane's last way back was clipped.
  var wasClamped: Bool {
    for lane in lanes where lane.wasClamped { return true }
    return false
  }

  var lossSum: Double {
    var sum = 0.0
    for lane in lanes { sum += lane.sum.loss }
    return sum
  }

  /// The regulariser's term over the present pass.
  var regularisation: Double {
    var sum = 0.0
    for lane in lanes { sum += lane.regularisation }
    return sum
  }
}
