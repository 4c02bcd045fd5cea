import UnrollReports

/// The worked examples of `unroll depth --example`, a file each.
package enum DepthExample: String, CaseIterable, Sendable {
  case chain, repair, powers
  case threeHidden = "three-hidden"
  case hundred, activations, initializations
  case dyingReLU = "dying-relu"
  case learningRate = "learning-rate"
  case pretraining, exploding

  /// Runs the example; the same seed gives the same numbers.
  package func report(seed: UInt64) throws -> DepthReport {
    switch self {
    case .chain: ChainExample.report(seed: seed)
    case .repair: RepairExample.report(seed: seed)
    case .powers: PowersExample.report(seed: seed)
    case .threeHidden: ThreeHiddenExample.report(seed: seed)
    case .hundred: HundredExample.report(seed: seed)
    case .activations: ActivationsExample.report(seed: seed)
    case .initializations: InitializationsExample.report(seed: seed)
    case .dyingReLU: DyingReLUExample.report(seed: seed)
    case .learningRate: LearningRateExample.report(seed: seed)
    case .pretraining: PretrainingExample.report(seed: seed)
    case .exploding: try ExplodingExample.report(seed: seed)
    }
  }
}
