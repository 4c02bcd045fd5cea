import UnrollCommandLine
import UnrollOptimization
import UnrollStudies

extension SurfaceSettings {
  /// A comparison's own defaults of `--steps` and `--learning-rate` are for training, so these have
  /// others here: with them descent without clipping is thrown off the wall at its first touch, and
  /// clipped descent has the time to come to rest.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: Arguments) throws {
    let rate = arguments.wasGiven(.learningRate) ? arguments[.learningRate] : 0.08
    let given = arguments.wasGiven(.steps) ? arguments[.steps] : 500
    guard given <= 100_000 else {
      throw arguments.rejection(
        of: .steps, accepted: "a whole number from 0 to 100000 with --surface")
    }
    let start = arguments[optional: .start] ?? SurfacePlace(weight: 4.9, bias: -2.3)
    let rule: Clipping? = arguments[optional: .clip]
    let list: [ClipThreshold]? = arguments[optional: .thresholds]
    if rule != nil, list != nil { throw UsageError.conflict("clip", "thresholds") }
    var rules: [Clipping] = []
    for threshold in list ?? [.rule(.none), .rule(rule ?? .norm(1))] {
      guard let rule = Self.rule(threshold) else {
        throw arguments.rejection(
          of: list == nil ? "clip" : "thresholds",
          accepted: "none, norm:τ or value:τ with --surface (a bare number is norm:)")
      }
      if !rules.contains(rule) { rules.append(rule) }
    }
    self.init(rules: rules, start: start, rate: rate, updates: given)
  }

  /// The rule, where it can act on two numbers without a past or layers.
  private static func rule(_ threshold: ClipThreshold) -> Clipping? {
    guard case .rule(let rule) = threshold else { return nil }
    return switch rule {
    case .none, .norm, .value: rule
    default: nil
    }
  }
}
