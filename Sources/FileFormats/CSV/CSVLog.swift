import Foundation
import UnrollText

/// A CSV file that grows row by row while a program runs.
///
/// Rows go at once to `path` with `.partial` appended, so an interrupted program leaves all it
/// logged; ``finish()`` renames that file to `path`. After a loss of power the rows are there that
/// were appended before ``synchronize()``.
public final class CSVLog {
  /// Where the finished file will be.
  public let path: String
  /// The rows taken over from an earlier log, as text.
  public let resumedRows: [[String]]
  /// The number of rows of the earlier log that were left out.
  public let droppedRows: Int
  private let columnCount: Int
  private let file: OutputFile
  private var hasUnsavedRows = false
  private var hash = SHA256()
  private var isFinished = false

  /// Starts a new log; one that was left unfinished at `path` is overwritten.
  ///
  /// - Throws: as ``AtomicFile``.
  /// - Precondition: there is a column.
  public convenience init(path: String, columns: [String]) throws(FileError) {
    try self.init(path: path, columns: columns, rows: [], droppedRows: 0)
  }

  /// Continues the log at `path`: the unfinished one if there is one, else the finished one, else
  /// a new one. A last row that was cut off in the middle is left out.
  ///
  /// - Parameters:
  ///   - source: the log whose rows are taken up, where it is another than the one at `path`.
  ///   - optional: columns at the end of `columns` that the earlier log may lack; they are then
  ///     blank in its rows.
  ///   - keep: tells of a row's fields whether the row stays.
  ///   - check: refuses the rows that stay; nothing is written then.
  /// - Throws: as ``CSVTable`` and ``AtomicFile``; `.malformed` with `.wrongHeader` when the
  ///   earlier log has other columns, or with what `check` throws.
  /// - Precondition: there is a column.
  public convenience init(
    resuming path: String, from source: String? = nil, columns: [String],
    optional: Set<String> = [], keepingRowsWhere keep: ([String]) -> Bool,
    checking check: ([[String]]) throws(FileProblem) -> Void = { _ in }
  ) throws(FileError) {
    let (rows, count) = try CSVLog.checkedRows(
      at: source ?? path, columns: columns, optional: optional, keepingRowsWhere: keep,
      checking: check)
    try self.init(
      path: path, columns: columns, rows: rows, droppedRows: count - rows.count)
  }

  /// The rows of the log at `path` that `keep` keeps, and how many it has, without changing anything.
  ///
  /// - Throws: as ``init(resuming:from:columns:optional:keepingRowsWhere:checking:)``.
  @discardableResult
  public static func checkedRows(
    at path: String, columns: [String], optional: Set<String> = [],
    keepingRowsWhere keep: ([String]) -> Bool,
    checking check: ([[String]]) throws(FileProblem) -> Void
  ) throws(FileError) -> (rows: [[String]], count: Int) {
    let found = try rows(ofLogAt: path, columns: columns, optional: optional)
    let rows = found.filter(keep)
    do {
      try check(rows)
    } catch {
      throw .malformed(path: path, line: nil, error)
    }
    return (rows, found.count)
  }

  private init(
    path: String, columns: [String], rows: [[String]], droppedRows: Int
  ) throws(FileError) {
    let start = CSVLog.start(columns: columns, rows: rows)
    let partialPath = CSVLog.partialPath(of: path)
    try AtomicFile.checkReplaceable(path)
    try start.write(to: partialPath)
    hash.update(start.text)
    file = try OutputFile(path: partialPath, flags: O_APPEND, reportedPath: path)
    self.path = path
    resumedRows = rows
    self.droppedRows = droppedRows
    columnCount = columns.count
  }

  /// Adds a row to the file.
  ///
  /// - Throws: `FileError.cannotWrite`.
  /// - Precondition: `row` has a field for each column, and the log is not finished.
  public func append(_ row: [CSVField]) throws(FileError) {
    require(row.count == columnCount, "expected \(columnCount) fields, got \(row.count)")
    let line = row.line
    try file.write(Data(line.utf8))
    hash.update(line)
    hasUnsavedRows = true
  }

  /// Puts all rows onto the disk. Costs nothing without a new row.
  ///
  /// A checkpoint that counts on the rows is written after this.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func synchronize() throws(FileError) {
    guard hasUnsavedRows, !isFinished else { return }
    try file.synchronize()
    hasUnsavedRows = false
  }

  /// The SHA-256 of all that the log holds: by it a checkpoint knows the log that belongs to it.
  public var digest: String {
    var hash = hash
    return hash.hexadecimal()
  }

  /// The ``digest`` of a log that holds `rows` and nothing else.
  public static func digest(columns: [String], rows: [[String]]) -> String {
    var hash = SHA256()
    hash.update(start(columns: columns, rows: rows).text)
    return hash.hexadecimal()
  }

  private static func start(columns: [String], rows: [[String]]) -> CSVWriter {
    var start = CSVWriter(columns: columns)
    for row in rows { start.append(row.map { .text($0) }) }
    return start
  }

  /// Puts the file onto the disk under its own name. Does nothing the second time.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func finish() throws(FileError) {
    if isFinished { return }
    isFinished = true
    try file.close()
    try AtomicFile.rename(CSVLog.partialPath(of: path), to: path)
  }

  private static func partialPath(of path: String) -> String { path + ".partial" }

  /// What a log at `path` holds, finished or not, without changing anything: of one that a program is still
  /// writing, or left unfinished, all whole rows. Nil where there is none, and where not even its header is
  /// whole.
  ///
  /// - Throws: as ``CSVTable``.
  package static func table(at path: String) throws(FileError) -> CSVTable? {
    try table(at: path) {}
  }

  /// - Parameter willReadPartial: called once the unfinished file is seen, before it is read.
  static func table(
    at path: String, _ willReadPartial: () -> Void
  ) throws(FileError) -> CSVTable? {
    let table = try found(at: path, willReadPartial) { (source) throws(FileError) -> CSVTable? in
      source == path ? try CSVTable(path: path) : try wholeRows(of: source)
    }
    return table ?? nil
  }

  /// What `read` makes of the unfinished log at `path`, or else of the finished one; nil where there is
  /// neither.
  private static func found<Result>(
    at path: String, _ willReadPartial: () -> Void = {},
    _ read: (_ source: String) throws(FileError) -> Result
  ) throws(FileError) -> Result? {
    let partialPath = partialPath(of: path)
    if FileKind(atPath: partialPath) != .nothing {
      willReadPartial()
      do throws(FileError) {
        return try read(partialPath)
      } catch {
        // Unless its writer has finished it in the meantime.
        guard FileKind(atPath: partialPath) == .nothing else { throw error }
      }
    }
    return FileKind(atPath: path) == .nothing ? nil : try read(path)
  }

  /// Whether there is a log at `path`, finished or not.
  package static func exists(at path: String) -> Bool {
    [path, partialPath(of: path)].contains { FileKind(atPath: $0) != .nothing }
  }

  private static func rows(
    ofLogAt path: String, columns: [String], optional: Set<String>
  ) throws(FileError) -> [[String]] {
    try found(at: path) { (source) throws(FileError) in
      try rows(of: source, columns: columns, optional: optional)
    } ?? []
  }

  private static func rows(
    of source: String, columns: [String], optional: Set<String>
  ) throws(FileError) -> [[String]] {
    guard let table = try wholeRows(of: source) else { throw .empty(path: source) }
    return try table.rows(under: columns, optional: optional)
  }

  /// The table in the lines of a file that have an end; nil where there is none.
  private static func wholeRows(of path: String) throws(FileError) -> CSVTable? {
    let file = try MappedFile(path: path)
    let records = try file.read { (bytes) throws(FileError) -> [CSVRecord] in
      let wholeLines = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      return try CSVParser.records(
        in: UnsafeRawBufferPointer(rebasing: bytes[..<wholeLines]), path: path,
        separator: UInt8(ascii: ","))
    }
    return records.contains { !$0.isBlank } ? try CSVTable(records, path: path) : nil
  }
}
