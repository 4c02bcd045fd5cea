import UnrollRecurrentCells
import UnrollText
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
  public let seeds: [Int]

  /// Repetitions in a list are left out.
  public init(
    cells: [(label: String, specification: CellSpecification)], thresholds: [ClipThreshold],
    windows: [Truncation]? = nil, seeds: some Sequence<Int>
  ) {
    self.cells = cells.distinct(by: \.label)
    self.thresholds = thresholds.distinct(by: \.description)
    self.windows = windows?.distinct(by: \.description)
    self.seeds = seeds.distinct(by: \.self)
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
