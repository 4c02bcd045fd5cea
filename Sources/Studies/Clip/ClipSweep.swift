import UnrollRecurrentCells
import UnrollTraining

/// What a ``ClipStudy`` compares: every cell under every window and threshold, for every seed.
public struct ClipSweep: Sendable {
  /// What the program compares unless told otherwise.
  package static let defaultThresholds = "none,0.1,1,10"

  /// The cells, each with the label it has in tables and figures.
  public let cells: [(label: String, specification: CellSpecification)]
  /// The clipping thresholds.
  public let thresholds: [ClipThreshold]
  /// The windows of truncated backpropagation; nil for the one of the plans' own settings.
  public let windows: [Truncation]?
  /// The seeds, each of which is a run of every combination.
  public let seeds: Range<Int>

  /// Repetitions in a list are left out.
  public init(
    cells: [(label: String, specification: CellSpecification)], thresholds: [ClipThreshold],
    windows: [Truncation]? = nil, seeds: Range<Int>
  ) {
    self.cells = distinct(cells, by: \.label)
    self.thresholds = distinct(thresholds, by: \.description)
    self.windows = windows.map { distinct($0, by: \.description) }
    self.seeds = seeds
  }

  /// The runs in order: by cell, window, threshold, seed.
  ///
  /// - Parameter ownWindow: the window of the plans' own settings.
  public func runs(ownWindow: Truncation) -> [ClipRun] {
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

/// `elements` without repetitions of a key.
private func distinct<Element, Key: Hashable>(
  _ elements: [Element], by key: (Element) -> Key
) -> [Element] {
  var seen: Set<Key> = []
  return elements.filter { seen.insert(key($0)).inserted }
}
