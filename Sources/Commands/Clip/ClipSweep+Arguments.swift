import UnrollCommandLine
import UnrollOptimization
import UnrollStudies
import UnrollTraining

extension ClipSweep {
  /// - Throws: `UsageError`.
  init(_ arguments: Arguments) throws {
    let cells = try arguments.cellSpecifications()
    for cell in cells { try arguments.requireRegularizer(for: cell.specification) }
    self.init(
      cells: cells, thresholds: try Self.thresholds(arguments),
      windows: arguments[optional: .windows], seeds: try arguments.seeds())
  }

  private static func thresholds(_ arguments: Arguments) throws -> [ClipThreshold] {
    let rule: Clipping? = arguments[optional: .clip]
    if let given: [ClipThreshold] = arguments[optional: .thresholds] {
      if rule != nil { throw UsageError.conflict("clip", "thresholds") }
      return given
    }
    if rule == nil, !arguments.wasGiven(.windows) {
      return try defaultThresholds.split(separator: ",").map { try ClipThreshold(String($0)) }
    }
    return [.rule(rule ?? TrainingSettings().clipping)]
  }
}
