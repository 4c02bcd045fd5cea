import UnrollRecurrentCells
import UnrollTraining

/// What `unroll clip` compares: each cell under each window and each threshold, over seeds.
package struct ClipSweep: Sendable {
  package static let defaultThresholds = "none,0.1,1,10"

  package let cells: [(label: String, specification: CellSpecification)]
  package let thresholds: [ClipThreshold]
  /// The windows of `--windows`; nil leaves the task its own.
  package let windows: [Truncation]?
  /// Counted up from `--seed`.
  package let seeds: Range<Int>

  package init(
    cells: [(label: String, specification: CellSpecification)], thresholds: [ClipThreshold],
    windows: [Truncation]?, seeds: Range<Int>
  ) {
    self.cells = distinct(cells, by: \.label)
    self.thresholds = distinct(thresholds, by: \.description)
    self.windows = windows.map { distinct($0, by: \.description) }
    self.seeds = seeds
  }

  /// The runs in order: by cell, window, threshold, seed.
  ///
  /// - Parameter ownWindow: the task's own.
  package func runs(ownWindow: Truncation) -> [ClipRun] {
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
