import UnrollReports

/// Worked examples of how gradients vanish and explode through the layers of a feed-forward network.
///
///     let report = try DepthExample.hundred.report(seed: 1)
///     print(report.text)
public enum DepthExample: String, CaseIterable, Sendable, CustomStringConvertible {
  /// Twenty layers of width 1 and of width 16: sigmoid, and four ways to let the gradient through.
  case repair
  /// Three hidden layers of 32: which of them learn.
  case threeHidden = "three-hidden"
  /// A hundred sigmoid layers.
  case hundred
  /// Seven activations: their derivatives, and what is left of a gradient after thirty layers.
  case activations
  /// Greedy layer-wise pre-training against training end to end.
  case pretraining
  /// A recurrent network with large weights on the adding problem, plain and with four remedies.
  case exploding

  /// As on the command line: `three-hidden`.
  public var description: String { rawValue }

  /// Runs the example; the same seed gives the same numbers.
  ///
  /// - Throws: ``TrainingError`` for training that cannot be run.
  public func report(seed: UInt64) throws -> DepthReport {
    switch self {
    case .repair: RepairExample.report(seed: seed)
    case .threeHidden: ThreeHiddenExample.report(seed: seed)
    case .hundred: HundredExample.report(seed: seed)
    case .activations: ActivationsExample.report(seed: seed)
    case .pretraining: PretrainingExample.report(seed: seed)
    case .exploding: try ExplodingExample.report(seed: seed)
    }
  }
}
