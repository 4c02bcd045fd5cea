import UnrollDenseMath

/// `auto:p` scales the whole gradient by τ/‖g‖ when its global norm ‖g‖ > τ, where τ is the p-th
/// percentile of the norms of all gradients so far, the present one included (AutoClip: Seetharaman,
/// Wichern, Pardo & Le Roux 2020, *AutoClip: Adaptive gradient clipping for source separation
/// networks*).
///
/// The percentile is ``RunningPercentile``'s, which is NumPy's default. The first gradient is never
/// clipped, and none under p = 100. Gradients that are not finite are no part of the history. From
/// ``RunningPercentile/exactCount`` norms on, they are known to 1 part in 2,000.
///
/// Unchecked: only ``decide(norm:)`` and ``restore(history:updates:)`` write, while no other thread
/// uses the clipper.
final class PercentileClipper<Element: Scalar>: Clipper, @unchecked Sendable {
  private var norms: RunningPercentile
  private(set) var commonFactor: Double? = 1

  init(_ percentile: Double) { norms = RunningPercentile(percentile) }

  func decide(norm: Double) {
    norms.insert(norm)
    let limit = norms.value ?? norm
    commonFactor = norm > limit ? limit / norm : 1
  }

  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool { gradient.shrink(by: commonFactor) }

  var history: [Double] { norms.record }

  func restore(history: [Double], updates: Int) throws(InvalidHistory) {
    guard let norms = RunningPercentile(self.norms.percentile, record: history),
      norms.count == updates
    else {
      throw InvalidHistory(expected: "\(updates) norms, one for each update, or their counts")
    }
    self.norms = norms
  }
}
