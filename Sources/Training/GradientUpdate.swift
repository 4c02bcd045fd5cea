import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// Turns the workers' gradients into one update of the parameters: sum, penalties, norm, clipping,
/// optimizer. An update that overflows is undone.
///
/// The workers share the work in two rounds, because clipping needs the norm of the whole gradient.
/// Gradients are summed in the workers' order and the norm is combined from chunks of a fixed size, so
/// that neither depends on which worker does what.
///
/// Unchecked: in a round each worker writes to the chunks of its own part, and between rounds only the
/// trainer writes.
final class GradientUpdate<Element: Scalar>: @unchecked Sendable {
  /// Elements of a chunk: below this size, synchronizing the workers costs more than it saves.
  private static var chunk: Int { 1 << 14 }

  /// The number of parts into which the work is divided.
  let parts: Int
  private let weights: Matrix<Element>
  /// The workers' gradients; the first becomes the sum.
  private let gradients: [Matrix<Element>]
  private let settings: TrainingSettings
  private let optimizer: any Optimizer<Element>
  let clipper: any Clipper<Element>
  /// Whether gradients are clipped in the backward pass.
  private let clipsStates: Bool
  private let meter: ClippingMeter<Element>?
  /// The workers' gradients without clipping in the backward pass, where that is measured; the first
  /// becomes the sum.
  private let references: [Matrix<Element>]
  private let chunkNorms: Matrix<Double>
  private let referenceNorms: Matrix<Double>
  /// 1 for each part in which clipping changed something.
  private let changes: Matrix<Double>
  private let overflow: OverflowGuard<Element>
  /// The clipper's history before an update that may be undone.
  private var savedHistory: [Double]?
  private(set) var norm = 0.0
  /// Whether the gradient was already clipped in the backward pass.
  private var wasClamped = false
  /// Whether the references hold this update's gradient, and whether it differs there.
  private var isCompared = false
  private var hasReference = false
  private var rate = 0.0
  /// Counts the optimizer's updates, from 1.
  private var step = 0

  /// Whether ``combine(part:withReference:)`` has summed the workers' gradients before the first round.
  private let isSummedByRanks: Bool

  /// - Parameters:
  ///   - references: as many as `gradients`, or none.
  ///   - isSummedByRanks: whether the gradients are also summed over ranks, between
  ///     ``combine(part:withReference:)`` and the first round.
  init(
    _ parameters: Parameters<Element>, gradients: [Matrix<Element>],
    references: [Matrix<Element>], settings: TrainingSettings, optimizer: any Optimizer<Element>,
    clipping: any ClippingRule, isSummedByRanks: Bool = false
  ) {
    self.isSummedByRanks = isSummedByRanks
    weights = parameters.values
    self.gradients = gradients
    self.references = references
    reference = references.first
    self.settings = settings
    self.optimizer = optimizer
    let chunks = (weights.count + Self.chunk - 1) / Self.chunk
    parts = min(gradients.count, chunks)
    chunkNorms = Matrix(rows: 1, columns: chunks)
    referenceNorms = Matrix(rows: 1, columns: chunks)
    clipsStates = clipping.stateLimit != nil
    clipper = clipping.makeClipper(for: parameters.layout, chunk: Self.chunk, as: Element.self)
    let measures = settings.measuresClipping && (clipper.commonFactor == nil || !references.isEmpty)
    meter =
      measures
      ? ClippingMeter(
        unclipped: references.first ?? Matrix(rows: 1, columns: weights.count), chunks: chunks)
      : nil
    changes = Matrix(rows: 1, columns: parts)
    overflow = OverflowGuard(
      weights, optimizer: optimizer, clippingShortens: clipping is Clipping, parts: parts)
  }

  /// Weights, state or history were changed from outside, by a checkpoint.
  func forget() { overflow.forget() }

  // MARK: Ranks

  /// The sum of this rank's gradients after ``combine(part:withReference:)``, and then of all ranks'.
  var gradient: Matrix<Element> { gradients[0] }

  /// The same without clipping in the backward pass, where that is measured.
  let reference: Matrix<Element>?

  /// Sums a part of the workers' gradients, for the other ranks.
  func combine(part: Int, withReference: Bool) {
    for chunk in chunks(of: part) {
      let places = places(of: chunk)
      _ = combined(gradients, places)
      if withReference { _ = combined(references, places) }
    }
  }

  // MARK: First round

  /// Begins an update.
  ///
  /// - Parameters:
  ///   - wasClamped: whether the gradients were clipped in the backward pass.
  ///   - isCompared: whether the references hold what they would have been without that.
  func start(wasClamped: Bool, isCompared: Bool) {
    self.wasClamped = wasClamped
    self.isCompared = isCompared
    hasReference = wasClamped && isCompared
  }

  /// Sums the gradients, adds the penalties' and takes the norms of a part's chunks.
  func sum(part: Int) {
    for chunk in chunks(of: part) {
      let places = places(of: chunk)
      let sum = sum(gradients, places)
      chunkNorms[0, chunk] = sum.norm
      clipper.measure(chunk, gradient: sum, weights: weights.slice(places))
      if hasReference { referenceNorms[0, chunk] = self.sum(references, places).norm }
    }
  }

  /// Elements `places` of the first gradient, made the sum of all and the penalties'.
  private func sum(_ gradients: [Matrix<Element>], _ places: Range<Int>) -> Matrix<Element> {
    let sum = isSummedByRanks ? gradients[0].slice(places) : combined(gradients, places)
    settings.penalty.addGradient(of: weights.slice(places), to: sum)
    return sum
  }

  /// Elements `places` of the first gradient, made the sum of all.
  private func combined(_ gradients: [Matrix<Element>], _ places: Range<Int>) -> Matrix<Element> {
    let sum = gradients[0].slice(places)
    for index in 1..<max(gradients.count, 1) { sum.add(gradients[index].slice(places)) }
    return sum
  }

  private func chunks(of part: Int) -> Range<Int> {
    part * chunkNorms.count / parts..<(part + 1) * chunkNorms.count / parts
  }

  private func places(of chunk: Int) -> Range<Int> {
    chunk * Self.chunk..<min((chunk + 1) * Self.chunk, weights.count)
  }

  /// Combines the chunks' norms into the global norm, after the first round.
  func finishSum() { norm = chunkNorms.norm }

  // MARK: Second round

  /// Decides on the clipping of a finite gradient, and sets up an update with the learning rate
  /// `rate`; `step` counts the optimizer's updates from 1.
  func prepare(rate: Double, step: Int) {
    self.rate = rate
    self.step = step
    savedHistory = overflow.start(norm: norm, rate: rate) ? clipper.history : nil
    clipper.decide(norm: norm)
    meter?.start(norm: hasReference ? referenceNorms.norm : norm)
  }

  /// Clips a part and updates its weights.
  func apply(part: Int) {
    changes[0, part] = 0
    overflow.start(part: part)
    for chunk in chunks(of: part) {
      let places = places(of: chunk)
      let gradient = gradients[0].slice(places)
      if references.isEmpty { meter?.unclipped.slice(places).assign(gradient) }
      if clipper.clip(chunk, gradient: gradient) { changes[0, part] = 1 }
      if references.isEmpty || hasReference { meter?.compare(chunk, places, with: gradient) }
      overflow.save(places)
      optimizer.update(
        weights.slice(places), gradient: gradient, at: places, rate: rate, step: step)
      overflow.check(places, part: part)
    }
  }

  /// Ends the update, after the second round. One after which weights or optimizer state are not
  /// finite is undone.
  ///
  /// - Returns: whether the update was made.
  func finish() -> Bool {
    if overflow.finish() { return true }
    if let savedHistory {
      do {
        try clipper.restore(history: savedHistory, updates: step - 1)
      } catch {
        requirementFailed("expected a clipper to take up its own history, got: \(error)")
      }
    }
    return false
  }

  /// Whether clipping changed the gradient.
  var wasClipped: Bool { wasClamped || changes.absoluteSum > 0 }

  /// What clipping did; nil where that was not measured.
  var effect: ClippingEffect? {
    guard settings.measuresClipping, isCompared || !clipsStates else {
      return nil
    }
    if !wasClipped { return .unchanged }
    if let factor = clipper.commonFactor, !wasClamped {
      return ClippingEffect(factor: factor, angle: 0)
    }
    return meter?.effect
  }
}
