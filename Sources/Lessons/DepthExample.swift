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
  /// Tanh layers under each initialization.
  case initializations
  /// Units that a large learning rate turns off for good.
  case dyingReLU = "dying-relu"
  /// Learning rates that are too low, right and too high, as each layer's updates show them.
  case learningRate = "learning-rate"
  /// Greedy layer-wise pre-training against training end to end.
  case pretraining

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
    case .initializations: InitializationsExample.report(seed: seed)
    case .dyingReLU: DyingReLUExample.report(seed: seed)
    case .learningRate: LearningRateExample.report(seed: seed)
    case .pretraining: PretrainingExample.report(seed: seed)
    }
  }
}
