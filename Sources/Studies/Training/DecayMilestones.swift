/// How the gradient decayed at three points of a training: at its start, where the loss left its
/// baseline, and at its end.
public struct DecayMilestones: Sendable {
  /// What the gradient is taken with respect to: `h` or `c`, as `DecayCurve.pathName` has it.
  public let path: String
  /// The layer of that state.
  public let layer: Int
  /// The first measurement.
  public let start: WatchedCurve
  /// The first measurement after the loss has fallen below ``leavingShare`` of the baseline; nil where
  /// it has not.
  public let leftBaseline: WatchedCurve?
  /// The last measurement.
  public let end: WatchedCurve

  /// The loss has left its baseline below this share of it.
  public static let leavingShare = 0.9

  /// - Parameters:
  ///   - curves: what was measured, in the order of updates.
  ///   - losses: the course of the loss, in the same order.
  ///   - baseline: the loss of a model that has learned nothing.
  /// - Returns: nil where nothing was measured.
  public init?(
    path: String, layer: Int, _ curves: [WatchedCurve], losses: [(step: Int, loss: Double)],
    baseline: Double
  ) {
    guard let start = curves.first, let end = curves.last else { return nil }
    self.path = path
    self.layer = layer
    self.start = start
    self.end = end
    let left = losses.first { $0.loss < Self.leavingShare * baseline }
    leftBaseline = left.flatMap { left in curves.first { $0.step >= left.step } }
  }
}
