import Foundation

/// How the learning rate runs over the updates of a training run.
///
/// With base rate η, update s counted from 0, warm-up W and S updates in all:
/// - the first W updates use η (s+1)/W;
/// - `constant` η; `step` η·factor^⌊s/every⌋;
/// - `cosine` ½ η (1 + cos π (s−W)/(S−W)) (Loshchilov & Hutter 2017, *SGDR*, one period).
public struct LearningRateSchedule: Sendable, Equatable {
  /// What the rate does after warm-up.
  public enum Shape: Sendable, Equatable {
    /// The base rate throughout.
    case constant
    /// The base rate times `factor` once more after every `every` updates.
    case step(every: Int, factor: Double)
    /// Half a cosine, from the base rate down to 0.
    case cosine
  }

  /// The base rate η.
  public var base: Double
  /// What the rate does after warm-up.
  public var shape: Shape
  /// W, the updates in which the rate rises to the base rate.
  public var warmup: Int
  /// Updates in all: the horizon of `cosine`.
  public var horizon: Int

  /// A schedule over `horizon` updates.
  public init(base: Double, shape: Shape = .constant, warmup: Int = 0, horizon: Int) {
    self.base = base
    self.shape = shape
    self.warmup = warmup
    self.horizon = horizon
  }

  /// The rate of update `step`, counted from 0.
  public func rate(at step: Int) -> Double {
    if step < warmup { return base * Double(step + 1) / Double(warmup) }
    switch shape {
    case .constant:
      return base
    case .step(let every, let factor):
      return base * pow(factor, Double(step / max(every, 1)))
    case .cosine:
      let progress = Double(step - warmup) / Double(max(horizon - warmup, 1))
      return base * 0.5 * (1 + cos(.pi * min(progress, 1)))
    }
  }
}
