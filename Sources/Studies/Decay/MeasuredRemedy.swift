import UnrollGradientFlow
import UnrollSequenceTasks
import UnrollTraining

/// How far the gradient reaches back under a ``Remedy``, against the lag that the task needs.
///
/// Reach is the horizon of the decay curve g(k): the largest lag with at least ``leastShare`` of g(0). The
/// curve is that of the first layer, which reads the inputs, along the path `state`: by h, and by c where
/// the cell has it. At lag 0 it is the gradient by h alone, which is the same in kind for all cells; ∂ℓ/∂c
/// there shrinks as tanh c saturates.
public struct MeasuredRemedy: Sendable {
  /// How a change serves the task.
  public enum Outcome: String, Sendable, CaseIterable {
    /// At least ``MeasuredRemedy/leastShare`` of the gradient arrives at the lag needed.
    case reaches
    /// Less arrives.
    case tooShort = "too_short"
    /// It would arrive, but the window ends before.
    case cut
    /// At some lag the gradient is more than ``MeasuredRemedy/mostShare`` times as large as at lag 0, or not
    /// finite: it explodes, which is no remedy however far it reaches.
    case grows
    /// There is no gradient at lag 0 to compare with.
    case unknown
  }

  /// The least share of the gradient at lag 0 that counts as arriving, 1%: that of the horizon.
  public static let leastShare = DecayFit.horizonShare
  /// The most that a gradient may grow to, as many times as it may shrink to.
  public static let mostShare = 1 / leastShare

  /// What was changed.
  public let remedy: Remedy
  /// The lag that is needed.
  public let needed: NeededLag
  /// The layer that the curve is of, from 0 next to the input.
  public let layer: Int
  /// What the gradient is taken with respect to: `state`, or `state_last` where gradient enters at several
  /// steps.
  public let path: String
  /// g(k)/g(0) for each lag k, of the whole gradient; empty where g(0) is 0 or not finite.
  public let shares: [Double]
  /// The largest lag with at least ``leastShare`` of the gradient at lag 0; nil where there is none there.
  public let horizon: Int?
  /// The largest lag that the window leaves; nil where training cuts nothing off.
  public let windowReach: Int?
  /// How long training on the batch takes, beside the model as given; nil where that was not measured.
  public let times: PairedTimes?

  init(
    _ remedy: Remedy, needed: NeededLag, _ curve: DecayCurve, windowReach: Int?,
    times: PairedTimes?
  ) {
    self.remedy = remedy
    self.needed = needed
    layer = curve.layer
    path = curve.pathName
    let means = curve.means
    let first = means.first ?? 0
    shares = first > 0 && first.isFinite ? means.map { $0 / first } : []
    horizon = DecayFit(means: means, entry: curve.entry).horizon
    self.windowReach = windowReach
    self.times = times
  }

  /// Whether the gradient is measured as the window cuts it.
  private var isCut: Bool { if case .window = remedy.change { true } else { false } }

  /// How far back the gradient reaches: the horizon, and under a window no further than that.
  public var reach: Int? { isCut ? reachInWindow : horizon }

  /// Whether ``reach`` is the last lag measured, so that the gradient may reach further.
  public var isCensored: Bool { !isCut && horizon.map { $0 == shares.count - 1 } ?? false }

  /// How far back the gradient reaches in the window; nil where training cuts nothing off.
  public var reachInWindow: Int? {
    windowReach.flatMap { window in horizon.map { min($0, window) } }
  }

  /// The share of the gradient at lag 0 that is left at the lag needed; nil where that is not known.
  public var shareAtNeeded: Double? {
    guard shares.indices.contains(needed.lag) else { return nil }
    return isCut && endsBeforeNeeded ? 0 : shares[needed.lag]
  }

  /// The largest share at any lag; infinite where one is not finite.
  public var largestShare: Double? {
    shares.isEmpty ? nil : shares.contains { !$0.isFinite } ? .infinity : shares.max()
  }

  /// Whether the window leaves out the lag needed.
  private var endsBeforeNeeded: Bool { windowReach.map { $0 < needed.lag } ?? false }

  /// How the change serves the task.
  public var outcome: Outcome {
    guard let largestShare, shares.indices.contains(needed.lag) else { return .unknown }
    if largestShare > Self.mostShare { return .grows }
    if shares[needed.lag] < Self.leastShare { return .tooShort }
    return endsBeforeNeeded ? .cut : .reaches
  }
}
