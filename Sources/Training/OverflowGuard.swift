import UnrollDenseMath
import UnrollOptimization

/// Undoes an update after which a weight, or a number of the optimizer's state, is not finite: Adam's
/// g² overflows Float32 from |g| = 1.8·10¹⁹ on, where the gradient is still finite.
///
/// A copy of weights and state at every update would cost time. After each update its chunks, still in
/// the cache, are compared with bounds; below these, the optimizer can be sure that the next update
/// stays finite, and no copy is made.
///
/// Unchecked: a worker touches the chunks of its own part, and between rounds only the trainer does.
final class OverflowGuard<Element: Scalar>: @unchecked Sendable {
  /// Weights and gradients below 2³⁰ and state below 2⁶⁰ are what
  /// `Optimizer.isSureToStayFinite(rate:)` is about.
  private static var weightExponent: Int { 30 }
  private static var stateExponent: Int { 60 }

  private let weights: Matrix<Element>
  private let state: [Matrix<Element>]
  private let optimizer: any Optimizer<Element>
  /// Whether clipping can only shorten gradients, as the built-in rules do.
  private let clippingShortens: Bool
  /// Weights and state before the update; made when first needed.
  private var saved: [Matrix<Element>] = []
  private var isSaving = false
  /// Whether all numbers are below the bounds; nil where that has to be looked up.
  private var isCalm: Bool?
  /// 1 for each part with a number that is not below its bound, or not finite.
  private let large: Matrix<Double>
  private let nonFinite: Matrix<Double>

  init(
    _ weights: Matrix<Element>, optimizer: any Optimizer<Element>, clippingShortens: Bool,
    parts: Int
  ) {
    self.weights = weights
    self.optimizer = optimizer
    self.clippingShortens = clippingShortens
    state = optimizer.state.map(\.values)
    large = Matrix(rows: 1, columns: parts)
    nonFinite = Matrix(rows: 1, columns: parts)
  }

  /// Weights or state were changed from outside.
  func forget() { isCalm = nil }

  /// Begins an update with a gradient of norm `norm`.
  ///
  /// - Returns: whether the update can overflow and be undone.
  func start(norm: Double, rate: Double) -> Bool {
    if isCalm == nil {
      isCalm =
        weights.isBelow(powerOfTwo: Self.weightExponent)
        && state.allSatisfy { $0.isBelow(powerOfTwo: Self.stateExponent) }
    }
    isSaving =
      isCalm == false || !clippingShortens || !(norm < 0x1p30)
      || !optimizer.isSureToStayFinite(rate: rate)
    if isSaving, saved.isEmpty {
      saved = ([weights] + state).map { Matrix(rows: $0.rows, columns: $0.columns) }
    }
    return isSaving
  }

  /// Begins a part of the update.
  func start(part: Int) {
    large[0, part] = 0
    nonFinite[0, part] = 0
  }

  /// Keeps elements `places` as they are before the update.
  func save(_ places: Range<Int>) {
    guard isSaving else { return }
    saved[0].slice(places).assign(weights.slice(places))
    for index in state.indices {
      saved[index + 1].slice(places).assign(state[index].slice(places))
    }
  }

  /// Looks at elements `places` after the update.
  func check(_ places: Range<Int>, part: Int) {
    check(weights.slice(places), Self.weightExponent, part)
    for values in state { check(values.slice(places), Self.stateExponent, part) }
  }

  private func check(_ values: Matrix<Element>, _ exponent: Int, _ part: Int) {
    if values.isBelow(powerOfTwo: exponent) { return }
    large[0, part] = 1
    if !values.isFinite { nonFinite[0, part] = 1 }
  }

  /// Ends an update, and undoes it where something is not finite.
  ///
  /// - Returns: whether everything is finite.
  func finish() -> Bool {
    isCalm = large.absoluteSum == 0
    guard nonFinite.absoluteSum > 0 else { return true }
    forget()
    if isSaving {
      weights.assign(saved[0])
      for index in state.indices { state[index].assign(saved[index + 1]) }
    }
    return false
  }
}
