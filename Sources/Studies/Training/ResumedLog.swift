import UnrollFileFormats

/// Takes up the logs of a run that goes on from a checkpoint.
///
/// A checkpoint is written after the logs are on the disk, and knows them by the hash of their content:
/// a log that lacks rows, or is another run's, is refused.
public enum ResumedLog {
  /// The key of a checkpoint's metadata for the hash of the log called `name`.
  public static func key(_ name: String) -> String { "sha256 of \(name)" }

  /// Which rows of a log a run that goes on keeps, and what it refuses.
  public struct Expectation {
    let columns: [String]
    let updates: Int
    let digest: String?
    let check: ([[String]]) throws(FileProblem) -> Void

    /// - Parameters:
    ///   - updates: the checkpoint's; rows of later ones are left out.
    ///   - digest: what the checkpoint says of the log; nil for one of an earlier version.
    ///   - check: refuses rows that are not whole.
    public init(
      columns: [String], after updates: Int, digest: String?,
      checking check: @escaping ([[String]]) throws(FileProblem) -> Void
    ) {
      (self.columns, self.updates, self.digest, self.check) = (columns, updates, digest, check)
    }

    /// Before the first update there is nothing to go on with.
    func keeps(_ row: [String]) -> Bool {
      updates > 0 && row.first.flatMap { Int($0) }.map { $0 <= updates } ?? false
    }

    func require(_ rows: [[String]]) throws(FileProblem) {
      guard updates > 0 else { return }
      try check(rows)
      if let digest, digest != CSVLog.digest(columns: columns, rows: rows) { throw .otherLog }
    }
  }

  /// Refuses the log at `source` unless it is as expected. Nothing is changed.
  ///
  /// - Throws: `FileError`; `.malformed` with `.missingRows`, `.disorderedRows` or `.otherLog`.
  public static func check(_ source: String, _ expected: Expectation) throws(FileError) {
    try CSVLog.checkedRows(
      at: source, columns: expected.columns, keepingRowsWhere: expected.keeps,
      checking: expected.require)
  }

  /// The log at `path`, continued with the rows of the one at `source`.
  ///
  /// - Throws: as ``check(_:_:)``.
  public static func open(
    _ path: String, from source: String, _ expected: Expectation
  ) throws(FileError) -> CSVLog {
    try CSVLog(
      resuming: path, from: source, columns: expected.columns, keepingRowsWhere: expected.keeps,
      checking: expected.require)
  }
}
