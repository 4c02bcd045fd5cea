import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// What a sweep varies, as `config.json` records it: with all that earlier calls in the same folder have
/// varied, so that the file replays all rows of the folder.
struct SweepLists {
  /// The options that only add runs, or do not change a run's numbers.
  static let free: Set<String> = [
    "vary", "grid", "seed", "seeds", "threads", "keep", "against", "recompute", "kernels",
    "tensorboard",
  ]

  private let grid: SweepGrid
  private let seeds: SeedList

  /// What a sweep varies itself.
  init(_ grid: SweepGrid, _ seeds: SeedList) {
    self.grid = grid
    self.seeds = seeds
  }

  /// The settings, in the order in which they are shown.
  var settings: [SweepSetting] { grid.settings }

  /// The number of runs.
  var count: Int { grid.settings.count * seeds.count }

  /// The same with what a later call varies, behind what is there: values keep their places, and with
  /// them their colors in figures.
  func joined(_ later: SweepLists) -> SweepLists {
    SweepLists(grid.joined(later.grid), seeds.joined(later.seeds))
  }

  /// The options that have these lists as their values. Settings that are not all combinations are
  /// written to `grid.csv` in the folder.
  ///
  /// - Throws: `FileError`.
  func write(to folder: String) throws -> JSONObject {
    var values = seeds.options
    if let variations = grid.variations {
      values["vary"] = variations.isEmpty ? .null : .array(variations.map { .string($0.text) })
    } else {
      let path = "\(folder)/grid.csv"
      try SweepGrid.table(grid.options, grid.settings).write(to: path)
      values["vary"] = .null
      values["grid"] = .string(AbsolutePath.of(path))
    }
    return values
  }
}
