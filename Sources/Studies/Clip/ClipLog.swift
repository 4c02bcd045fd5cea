import UnrollFileFormats
import UnrollText
import UnrollTraining

/// The results of a comparison in a CSV file, by custom `clip.csv`. A row is added as each run ends;
/// ``finish(_:)`` puts the rows in order.
///
/// A file from an earlier comparison is continued: its rows are kept, even those of runs that the
/// present comparison does not ask for.
public final class ClipLog {
  private let log: CSVLog
  private let ownWindow: String
  private let origin: ResultOrigin
  /// The results so far, with those found in the file.
  public private(set) var results: [ClipResult.Key: ClipResult]

  /// Continues the file at `path`, finished or not, or starts a new one.
  ///
  /// - Parameters:
  ///   - ownWindow: the window of the plans' own settings, for rows that name none.
  ///   - origin: under what the results to come are computed.
  /// - Throws: `FileError`; `.malformed` with `.otherOrigin` for a file with results of another
  ///   version, other kernels or other data, with `.repeatedRow` for a run's second row.
  public init(
    path: String, ownWindow: Truncation, origin: ResultOrigin = ResultOrigin()
  ) throws {
    let ownWindow = ownWindow.description
    self.ownWindow = ownWindow
    self.origin = origin
    var (rowCount, numbers) = (0, [Int]())
    // A row that cannot be read is left out, so that its run is made again.
    log = try CSVLog(
      resuming: path, columns: ClipResult.columns, optional: Set(ClipResult.laterColumns),
      keepingRowsWhere: {
        rowCount += 1
        guard ClipResult(row: $0, ownWindow: ownWindow) != nil else { return false }
        numbers.append(rowCount)
        return true
      },
      checking: { (rows) throws(FileProblem) in
        var places: [ClipResult.Key: Int] = [:]
        for (number, row) in zip(numbers, rows) {
          guard let result = ClipResult(row: row, ownWindow: ownWindow) else { continue }
          if let first = places.updateValue(number, forKey: result.key) {
            throw .repeatedRow(number: number, first: first, run: result.key.text)
          }
          if let found = result.origin { try origin.requireSame(as: found) }
        }
      })
    let found = log.resumedRows.compactMap { ClipResult(row: $0, ownWindow: ownWindow) }
    results = Dictionary(found.map { ($0.key, $0) }) { _, last in last }
  }

  /// The results in the table `clip.csv` of a comparison, finished or not.
  ///
  /// - Parameter ownWindow: the window of the plans' own settings, for rows that name none.
  /// - Throws: `FileError` for other columns, and for a row that is no result.
  package static func results(
    of table: CSVTable, ownWindow: String
  ) throws(FileError) -> [ClipResult] {
    let rows = try table.rows(
      under: ClipResult.columns, optional: Set(ClipResult.laterColumns))
    var results: [ClipResult] = []
    for (place, row) in rows.enumerated() {
      guard let result = ClipResult(row: row, ownWindow: ownWindow) else {
        throw .malformed(
          path: table.path, line: nil,
          .unreadableRow(number: place + 1, text: table.rows[place].joined(separator: ",")))
      }
      results.append(result)
    }
    return results
  }

  /// The number of rows of the earlier file that could not be read; their runs are made again.
  public var unreadableRows: Int { log.droppedRows }

  /// Adds the row of a run, and puts it onto the disk: it took the run's time to compute.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func append(_ result: ClipResult) throws {
    var result = result
    result.origin = origin
    try log.append(result.row)
    try log.synchronize()
    results[result.key] = result
  }

  /// Whether some results are of runs under a window other than the plans' own.
  public var comparesWindows: Bool {
    results.keys.contains { $0.setting.window != ownWindow }
  }

  /// The results by cell, window, threshold and seed. Those of the file keep their order, and what only
  /// `runs` has comes behind; a threshold or window before the first larger one of the same rule. Where
  /// `runs` has all that the file has, the order is that of `runs`.
  public func ordered(as runs: [ClipRun]) -> [ClipResult] {
    let found = log.resumedRows.compactMap {
      ClipResult(row: $0, ownWindow: ownWindow)?.key.setting
    }
    return ClipOrder(found).joined(ClipOrder(runs.map(\.key.setting))).sorted(results.values)
  }

  /// Closes the log and writes the file with `results` as its rows.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func finish(_ results: [ClipResult]) throws {
    try log.finish()
    var table = CSVWriter(columns: ClipResult.columns)
    for result in results { table.append(result.row) }
    try table.write(to: log.path)
  }
}
