import UnrollReports

/// Worked examples of how gradients vanish and explode through the layers of a feed-forward network.
///
///     let report = try DepthExample.activations.report(seed: 1)
///     print(report.text)
public enum DepthExample: String, CaseIterable, Sendable, CustomStringConvertible {
  /// Seven activations: their derivatives, and what is left of a gradient after thirty layers.
  case activations
  /// Tanh layers under each initialization.
  case initializations
  /// Units that a large learning rate turns off for good.
  case dyingReLU = "dying-relu"
  /// Learning rates that are too low, right and too high, as each layer's updates show them.
  case learningRate = "learning-rate"
  /// A recurrent network with large weights on the adding problem, plain and with four remedies.
  case exploding

  /// As on the command line: `dying-relu`.
  public var description: String { rawValue }

  /// Runs the example; the same seed gives the same numbers.
  ///
  /// - Throws: ``TrainingError`` for training that cannot be run.
  public func report(seed: UInt64) throws -> DepthReport {
    switch self {
    case .activations: ActivationsExample.report(seed: seed)
    case .initializations: InitializationsExample.report(seed: seed)
    case .dyingReLU: DyingReLUExample.report(seed: seed)
    case .learningRate: LearningRateExample.report(seed: seed)
    case .exploding: try ExplodingExample.report(seed: seed)
    }
  }
}
