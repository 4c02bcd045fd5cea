import UnrollFileFormats
import UnrollText

/// The results of a sweep in a folder: `runs.csv`, to which a row is added as each run ends, and
/// `norms.csv`, the mean norms that thresholds such as `2x` are multiples of.
public final class SweepLog: RunStore {
  /// The columns of `norms.csv`.
  package static let normColumns = ["pass", "mean_norm", "updates"]

  /// The options that are varied.
  public let options: [String]
  private let log: CSVLog
  private let norms: CSVLog
  private let origins: [String: ResultOrigin]
  private var meanNorms: [String: MeanNorm]
  /// The results so far by the runs' names, with those found in the file.
  public private(set) var results: [String: SweepResult]

  /// Continues the files in `folder`, or starts new ones.
  ///
  /// - Parameters:
  ///   - options: the options that are varied, in their order.
  ///   - runs: the runs to come.
  ///   - origin: under what results of a run are computed.
  ///   - addsRuns: whether runs may be made. Their kernels must be those of the rows, unless these are of
  ///     several kernels already.
  /// - Throws: `FileError`: `.malformed` with `.wrongHeader` for the file of a sweep that varied other
  ///   options, with `.otherOrigin` for results of another version, other kernels or other data, and with
  ///   `.unreadableRow` for a row that is not a result.
  public init(
    folder: String, options: [String], runs: [SweepRun],
    addsRuns: Bool = true, origin: (SweepRun) -> ResultOrigin
  ) throws {
    self.options = options
    origins = Dictionary(runs.map { ($0.id, origin($0)) }) { first, _ in first }
    // Before a file is begun.
    try CSVLog.checkedRows(
      at: "\(folder)/norms.csv", columns: Self.normColumns, keepingRowsWhere: { _ in true },
      checking: { (rows) throws(FileProblem) in _ = try Self.norms(rows) })
    let own = ResultOrigin()
    let planned = Dictionary(
      runs.map { (Place(setting: $0.setting, seed: $0.seed), $0.id) }, uniquingKeysWith: { $1 })
    let origins = origins
    var found: [SweepResult] = []
    log = try CSVLog(
      resuming: "\(folder)/runs.csv", columns: SweepResult.columns(options),
      keepingRowsWhere: { _ in true },
      checking: { (rows) throws(FileProblem) in
        found = try Self.results(rows, options: options.count)
        let isMixed = Set(found.map(\.origin.kernels)).count > 1
        try Self.requirePlaces(found, of: runs)
        for result in found {
          try own.requireSameMachinery(as: result.origin, withKernels: addsRuns && !isMixed)
          // The same setting by other settings for all runs, or on data that have changed.
          if let id = planned[Place(result)], id != result.id {
            try origins[id]?.requireSame(as: result.origin)
            throw .otherOrigin(column: "run", found: result.id, own: id)
          }
        }
      })
    results = Dictionary(found.map { ($0.id, $0) }) { _, last in last }
    var measured: [String: MeanNorm] = [:]
    norms = try CSVLog(
      resuming: "\(folder)/norms.csv", columns: Self.normColumns, keepingRowsWhere: { _ in true },
      checking: { (rows) throws(FileProblem) in measured = try Self.norms(rows) })
    meanNorms = measured
  }

  /// Which run of the sweep it is.
  private struct Place: Hashable {
    let setting: SweepSetting
    let seed: Int

    init(setting: SweepSetting, seed: Int) { (self.setting, self.seed) = (setting, seed) }

    init(_ result: SweepResult) { self.init(setting: result.setting, seed: result.seed) }

    var text: String { (setting.values + ["\(seed)"]).joined(separator: ",") }
  }

  /// Refuses a row whose setting or seed is not that of the run that it names: it was changed.
  private static func requirePlaces(
    _ results: [SweepResult], of runs: [SweepRun]
  ) throws(FileProblem) {
    let places = Dictionary(
      runs.map { ($0.id, Place(setting: $0.setting, seed: $0.seed)) }, uniquingKeysWith: { $1 })
    for (row, result) in results.enumerated() {
      guard let place = places[result.id], place != Place(result) else { continue }
      throw .otherRow(
        number: row + 1, run: result.id, found: Place(result).text, own: place.text)
    }
  }

  /// Refuses rows that are not of `runs`: with another setting or seed than the run that they name, or with
  /// one that no run has. The names of runs on data that have changed are others, and are not looked at.
  ///
  /// - Parameter runs: all runs of the table.
  /// - Throws: `FileProblem.otherRow`, `FileProblem.unplannedRow`.
  package static func requireResults(
    _ results: [SweepResult], of runs: [SweepRun]
  ) throws(FileProblem) {
    try requirePlaces(results, of: runs)
    let planned = Set(runs.map { Place(setting: $0.setting, seed: $0.seed) })
    for (row, result) in results.enumerated() where !planned.contains(Place(result)) {
      throw .unplannedRow(number: row + 1, found: Place(result).text)
    }
  }

  /// The results in the rows of a `runs.csv`.
  ///
  /// - Throws: `FileProblem.unreadableRow` with the row's number, counted from 1 below the header, and
  ///   `.repeatedRow` for a run's second row.
  package static func results(
    _ rows: [[String]], options: Int
  ) throws(FileProblem) -> [SweepResult] {
    var results: [SweepResult] = []
    var places: [String: Int] = [:]
    for (place, row) in rows.enumerated() {
      guard let result = SweepResult(row: row, options: options) else {
        throw .unreadableRow(number: place + 1, text: row.joined(separator: ","))
      }
      if let first = places.updateValue(place, forKey: result.id) {
        throw .repeatedRow(number: place + 1, first: first + 1, run: result.id)
      }
      results.append(result)
    }
    return results
  }

  /// The results on record in a sweep's `folder`; none where there is no table yet.
  ///
  /// - Throws: `FileError`.
  package static func results(in folder: String, options: [String]) throws -> [SweepResult] {
    var found: [SweepResult] = []
    try CSVLog.checkedRows(
      at: "\(folder)/runs.csv", columns: SweepResult.columns(options),
      keepingRowsWhere: { _ in true },
      checking: { (rows) throws(FileProblem) in
        found = try results(rows, options: options.count)
      })
    return found
  }

  /// The mean norm of a pass without clipping that a sweep's `folder` has on record; nil where it has
  /// none.
  ///
  /// - Throws: `FileError`.
  package static func meanNorm(ofPass id: String, in folder: String) throws -> MeanNorm? {
    var measured: [String: MeanNorm] = [:]
    try CSVLog.checkedRows(
      at: "\(folder)/norms.csv", columns: normColumns, keepingRowsWhere: { _ in true },
      checking: { (rows) throws(FileProblem) in measured = try norms(rows) })
    return measured[id]
  }

  private static func norms(_ rows: [[String]]) throws(FileProblem) -> [String: MeanNorm] {
    var norms: [String: MeanNorm] = [:]
    for (place, row) in rows.enumerated() {
      let norm = CSVNumber.written(row[1])
      guard let updates = Int(row[2]), updates >= 0, norm != nil || row[1].isEmpty else {
        throw .unreadableRow(number: place + 1, text: row.joined(separator: ","))
      }
      norms[row[0]] = MeanNorm(norm: norm, steps: updates)
    }
    return norms
  }

  public func hasResult(of run: SweepRun) -> Bool { results[run.id] != nil }

  public func append(_ measures: RunMeasures, of run: SweepRun, cpu: String) throws {
    let result = SweepResult(run, measures, origin: origins[run.id] ?? ResultOrigin(), cpu: cpu)
    try log.append(result.row)
    try log.synchronize()
    results[run.id] = result
  }

  public func meanNorm(ofPass id: String) -> MeanNorm? { meanNorms[id] }

  public func append(_ norm: MeanNorm, ofPass id: String) throws {
    try norms.append([.text(id), CSVField(norm.norm), .integer(norm.steps)])
    try norms.synchronize()
    meanNorms[id] = norm
  }

  /// The results in the order of `settings`, and of each by their seeds. Those of other settings follow in
  /// the order of the file.
  public func ordered(as settings: [SweepSetting]) -> [SweepResult] {
    let others = log.resumedRows.compactMap { results[$0[0]]?.setting }
    let places = Dictionary(
      (settings + others).distinct.enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
    func place(_ result: SweepResult) -> (Int, Int) {
      (places[result.setting] ?? places.count, result.seed)
    }
    return results.values.sorted { place($0) < place($1) }
  }

  /// Closes the files, and writes `runs.csv` with `results` as its rows.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func finish(_ results: [SweepResult]) throws {
    try log.finish()
    var table = CSVWriter(columns: SweepResult.columns(options))
    for result in results { table.append(result.row) }
    try table.write(to: log.path)
    try norms.finish()
    var norms = CSVWriter(columns: Self.normColumns)
    for (id, norm) in meanNorms.sorted(by: { $0.key < $1.key }) {
      norms.append([.text(id), CSVField(norm.norm), .integer(norm.steps)])
    }
    try norms.write(to: self.norms.path)
  }
}
