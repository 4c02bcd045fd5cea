import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization
import UnrollRecurrentCells
import UnrollTraining

// Options whose forms belong to the modules that act on them.

extension OptionKind {
  static let clip = setting(Clipping.accepted) { try Clipping($0) }
  static let thresholds = settings(ClipThreshold.accepted) { try ClipThreshold($0) }
  static let window = setting(Truncation.accepted) { try Truncation(parsing: $0) }
  static let windows = settings(Truncation.accepted) { try Truncation(parsing: $0) }
  static let activation = setting(Activation.accepted) { try Activation(parsing: $0) }
  static let initializer = setting(Initializer.accepted) { try Initializer(parsing: $0) }
  static let cell = setting(CellSpecification.accepted) { try CellSpecification(parsing: $0) }
  static let cells = settings(CellSpecification.accepted) { try CellSpecification(parsing: $0) }
  static let stacks = settings(FeedForwardSpecification.accepted) {
    try FeedForwardSpecification(parsing: $0)
  }
  static let regularizer = setting(Regularizer.accepted) { try Regularizer($0) }
  static let place = custom(accepted: SurfacePlace.accepted) { SurfacePlace($0) }
  static let forgetBias = custom(accepted: "a number or none") { text in
    text == "none" ? text : Double(text).flatMap { $0.isFinite ? text : nil }
  }

  private static func setting<Value: Sendable>(
    _ accepted: String, _ read: @escaping @Sendable (String) throws -> Value
  ) -> OptionKind {
    .custom(accepted: accepted, parse: read)
  }

  /// Several between commas.
  private static func settings<Value: Sendable>(
    _ accepted: String, _ read: @escaping @Sendable (String) throws -> Value
  ) -> OptionKind {
    .custom(accepted: "\(accepted), several between commas") { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map { try read(String($0)) }
    }
  }
}
