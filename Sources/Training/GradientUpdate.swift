import DenseMath
import Optimisation

/// Turns the workers' gradients into one update of the parameters: sum, penalties, norm, clipping,
/// optimiser.
///
/// Many parameters are dealt out to the workers, in two rounds, since clipping needs the norm of
/// all. Sums over workers go in their order and the norm is put together from chunks of fixed size,
/// so that neither depends on who does what.
final class GradientUpdate<Element: Scalar>: @unchecked Sendable {
  /// Elements; as many as are worth a meeting of the workers.
  private static var chunk: Int { 1 << 14 }

  /// Into how many parts the work is dealt.
  let parts: Int
  private let weights: Matrix<Element>
  /// The workers' gradients; the first becomes the sum.
  private let gradients: [Matrix<Element>]
  private let settings: TrainingSettings
  private let optimizer: any Optimizer<Element>
  private let chunkNorms: Matrix<Double>
  /// 1 for each part in which clipping changed something.
  private let changes: Matrix<Double>
  private(set) var norm = 0.0
  private var rate = 0.0
  private var step = 0

  init(
    weights: Matrix<Element>, gradients: [Matrix<Element>], settings: TrainingSettings,
    optimizer: any Optimizer<Element>
  ) {
    self.weights = weights
    self.gradients = gradients
    self.settings = settings
    self.optimizer = optimizer
    let chunks = (weights.count + Self.chunk - 1) / Self.chunk
    parts = min(gradients.count, chunks)
    chunkNorms = Matrix(rows: 1, columns: chunks)
    changes = Matrix(rows: 1, columns: parts)
  }

  // MARK: First round

  /// Sums the gradients, adds the penalties' and takes the norms of a part's chunks.
  func sum(part: Int) {
    let total = gradients[0]
    for chunk in chunks(of: part) {
      let places = places(of: chunk)
      let sum = total.slice(places)
      for index in 1..<max(gradients.count, 1) { sum.add(gradients[index].slice(places)) }
      settings.penalty.addGradient(of: weights.slice(places), to: sum)
      chunkNorms[0, chunk] = sum.norm
    }
  }

  private func chunks(of part: Int) -> Range<Int> {
    part * chunkNorms.count / parts..<(part + 1) * chunkNorms.count / parts
  }

  private func places(of chunk: Int) -> Range<Int> {
    chunk * Self.chunk..<min((chunk + 1) * Self.chunk, weights.count)
  }

  /// Puts the global norm together after the first round.
  func finishSum() { norm = chunkNorms.norm }

  // MARK: Second round

  /// Sets up an update with the learning rate `rate`; `step` counts the optimiser's from 1.
  func prepare(rate: Double, step: Int) {
    self.rate = rate
    self.step = step
  }

  /// Clips a part and updates its weights.
  func apply(part: Int) {
    changes[0, part] = 0
    for chunk in chunks(of: part) {
      let places = places(of: chunk)
      let gradient = gradients[0].slice(places)
      if settings.clipping.apply(to: gradient, ofNorm: norm) { changes[0, part] = 1 }
      optimizer.update(
        weights.slice(places), gradient: gradient, at: places, rate: rate, step: step)
    }
  }

  /// Whether clipping changed the gradient.
  var wasClipped: Bool { changes.absoluteSum > 0 }
}
