import UnrollCommandLine
import UnrollOptimization
import UnrollStudies
import UnrollTraining

extension ClipSweep {
  /// - Throws: `UsageError`.
  init(_ arguments: Arguments) throws {
    let cells = try arguments.cellSpecifications()
    for cell in cells { try arguments.requireRegularizer(for: cell.specification) }
    try arguments.requireDistinct("cells", cells.map(\.label))
    let thresholds = try Self.thresholds(arguments)
    let windows: [Truncation]? = arguments[optional: .windows]
    try arguments.requireDistinct("thresholds", thresholds.map(\.description))
    try arguments.requireDistinct("windows", windows?.map(\.description) ?? [])
    try SweepGrid.checkCount([
      cells.count, windows?.count ?? 1, thresholds.count, arguments[.comparedSeeds].count,
    ])
    self.init(
      cells: cells, thresholds: thresholds, windows: windows, seeds: try arguments.seeds())
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
