import UnrollCommandLine
import UnrollOptimization
import UnrollStudies

extension SurfaceSettings {
  /// The defaults of `--steps` and `--learning-rate` are for training runs, so they do not count here.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: Arguments) throws {
    self.init()
    if arguments.wasGiven(.learningRate) { rate = arguments[.learningRate] }
    if arguments.wasGiven(.steps) { updates = arguments[.steps] }
    guard updates <= 100_000 else {
      throw arguments.rejection(
        of: .steps, accepted: "a whole number from 0 to 100000 with --surface")
    }
    start = arguments[optional: .start] ?? start
    let rule: Clipping? = arguments[optional: .clip]
    let list: [ClipThreshold]? = arguments[optional: .thresholds]
    if rule != nil, list != nil { throw UsageError.conflict("clip", "thresholds") }
    rules = []
    for threshold in list ?? [.rule(.none), .rule(rule ?? .norm(1))] {
      guard let rule = Self.rule(threshold) else {
        throw arguments.rejection(
          of: list == nil ? "clip" : "thresholds",
          accepted: "none, norm:τ or value:τ with --surface (a bare number is norm:)")
      }
      rules.append(rule)
    }
    if list != nil { try arguments.requireDistinct("thresholds", rules.map(\.description)) }
  }

  /// The rule, if it needs neither earlier gradients nor layers; nil for others.
  private static func rule(_ threshold: ClipThreshold) -> Clipping? {
    guard case .rule(let rule) = threshold else { return nil }
    return switch rule {
    case .none, .norm, .value: rule
    default: nil
    }
  }
}
