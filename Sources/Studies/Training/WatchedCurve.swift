import UnrollGradientFlow

/// The decay curve that a ``DecayWatch`` keeps of one measurement, after `step` updates.
public struct WatchedCurve: Sendable {
  /// The number of updates made before.
  public let step: Int
  /// The mean norm at lag 0, 1, 2, ….
  public let norms: [Double]
  /// Rate, half-life and horizon.
  public let fit: DecayFit

  init(step: Int, norms: [Double]) {
    self.step = step
    self.norms = norms
    fit = DecayFit(means: norms)
  }
}
