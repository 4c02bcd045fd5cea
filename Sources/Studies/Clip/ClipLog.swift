import UnrollFileFormats

/// `clip.csv`: grows as runs end, in any order, and is put in order when all have.
///
/// Runs found in the file stay, also those that the present comparison does not ask for.
package final class ClipLog {
  private let log: CSVLog
  private let ownWindow: String
  package private(set) var results: [ClipResult.Key: ClipResult]

  /// Takes up the file at `path`, finished or not, or starts it.
  ///
  /// - Parameter ownWindow: the task's own window, which a file without a column for it means.
  /// - Throws: `FileError`.
  package init(path: String, ownWindow: String) throws {
    self.ownWindow = ownWindow
    // A row that cannot be read is left out, and its run done again.
    log = try CSVLog(
      resuming: path, columns: ClipResult.columns, optional: Set(ClipResult.laterColumns),
      keepingRowsWhere: { ClipResult(row: $0, ownWindow: ownWindow) != nil })
    let found = log.resumedRows.compactMap { ClipResult(row: $0, ownWindow: ownWindow) }
    results = Dictionary(found.map { ($0.key, $0) }) { _, last in last }
  }

  /// - Throws: `FileError.cannotWrite`.
  package func append(_ result: ClipResult) throws {
    try log.append(result.row)
    results[result.key] = result
  }

  /// Whether runs under other windows than the task's own are among the results.
  package var comparesWindows: Bool {
    results.keys.contains { $0.setting.window != ownWindow }
  }

  /// The results by cell, window, threshold and seed, each in the order of `runs`; behind them those
  /// that `runs` does not have, as they come in the file.
  package func ordered(as runs: [ClipRun]) -> [ClipResult] {
    let found = log.resumedRows.compactMap { ClipResult(row: $0, ownWindow: ownWindow)?.key }
    let keys = runs.map(\.key) + found
    let cells = places(keys.map(\.setting.cell))
    let windows = places(keys.map(\.setting.window))
    let thresholds = places(keys.map(\.setting.threshold))
    func place(_ result: ClipResult) -> [Int] {
      let setting = result.key.setting
      return [
        cells[setting.cell] ?? 0, windows[setting.window] ?? 0,
        thresholds[setting.threshold] ?? 0, result.key.seed,
      ]
    }
    return results.values.sorted { place($0).lexicographicallyPrecedes(place($1)) }
  }

  /// Where each of `texts` stands among the different ones.
  private func places(_ texts: [String]) -> [String: Int] {
    var places: [String: Int] = [:]
    for text in texts where places[text] == nil { places[text] = places.count }
    return places
  }

  /// Gives the file its name, with `results` for its rows.
  ///
  /// - Throws: `FileError.cannotWrite`.
  package func finish(_ results: [ClipResult]) throws {
    try log.finish()
    var table = CSVWriter(columns: ClipResult.columns)
    for result in results { table.append(result.row) }
    try table.write(to: log.path)
  }
}
