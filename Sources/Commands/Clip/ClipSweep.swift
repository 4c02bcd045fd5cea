import UnrollCommandLine
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// What `unroll clip` compares: each cell under each window and each threshold, over seeds.
struct ClipSweep: Sendable {
  static let defaultThresholds = "none,0.1,1,10"

  let cells: [(label: String, specification: CellSpecification)]
  let thresholds: [ClipThreshold]
  /// The windows of `--windows`; nil leaves the task its own.
  let windows: [Truncation]?
  /// Counted up from `--seed`.
  let seeds: Range<Int>

  /// - Throws: `UsageError`.
  init(_ arguments: Arguments) throws {
    cells = distinct(try arguments.cellSpecifications(), by: \.label)
    for cell in cells { try arguments.requireRegularizer(for: cell.specification) }
    windows = arguments[optional: .windows].map { distinct($0, by: \.description) }
    thresholds = distinct(try Self.thresholds(arguments), by: \.description)
    let (seed, count) = (arguments[.seed], arguments[.seeds])
    let (end, overflow) = seed.addingReportingOverflow(count)
    if overflow {
      throw arguments.rejection(
        of: .seed, accepted: "at most \(Int.max - count) where --seeds is \(count)")
    }
    seeds = seed..<end
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

  /// The runs in order: by cell, window, threshold, seed.
  ///
  /// - Parameter ownWindow: the task's own.
  func runs(ownWindow: Truncation) -> [ClipRun] {
    var runs: [ClipRun] = []
    for cell in cells {
      for window in windows ?? [ownWindow] {
        for threshold in thresholds {
          runs += seeds.map { seed in
            ClipRun(
              cell: cell.label, specification: cell.specification, threshold: threshold,
              truncation: window, seed: seed)
          }
        }
      }
    }
    return runs
  }
}

/// `elements` without those whose key has come before.
private func distinct<Element, Key: Hashable>(
  _ elements: [Element], by key: (Element) -> Key
) -> [Element] {
  var seen: Set<Key> = []
  return elements.filter { seen.insert(key($0)).inserted }
}
