/// The mean gradient norm over the first updates of training without clipping, the unit of
/// ``ClipThreshold/meanNorms(_:)``.
public struct MeanNorm: Equatable, Sendable, Codable {
  /// The mean of the finite norms; nil when none was finite.
  public let norm: Double?
  /// The number of updates with a finite norm. It is less than what was asked for where training
  /// became non-finite.
  public let steps: Int

  /// The mean over `steps` updates.
  public init(norm: Double?, steps: Int) {
    self.norm = norm
    self.steps = steps
  }
}
