import Foundation
import UnrollText

/// A CSV file that grows row by row while a program runs.
///
/// Rows go at once to `path` with `.partial` appended, so an interrupted program leaves all it
/// logged; ``finish()`` renames that file to `path`.
public final class CSVLog {
  /// Where the finished file will be.
  public let path: String
  /// The rows taken over from an earlier log, as text.
  public let resumedRows: [[String]]
  /// The number of rows of the earlier log that were left out.
  public let droppedRows: Int
  private let columnCount: Int
  private let file: OutputFile
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
  ///   - optional: columns at the end of `columns` that the earlier log may lack; they are then
  ///     blank in its rows.
  ///   - keep: tells of a row's fields whether the row stays.
  /// - Throws: as ``CSVTable`` and ``AtomicFile``; `.malformed` with `.wrongHeader` when the
  ///   earlier log has other columns.
  /// - Precondition: there is a column.
  public convenience init(
    resuming path: String, columns: [String], optional: Set<String> = [],
    keepingRowsWhere keep: ([String]) -> Bool
  ) throws(FileError) {
    let found = try CSVLog.rows(ofLogAt: path, columns: columns, optional: optional)
    let rows = found.filter(keep)
    try self.init(
      path: path, columns: columns, rows: rows, droppedRows: found.count - rows.count)
  }

  private init(
    path: String, columns: [String], rows: [[String]], droppedRows: Int
  ) throws(FileError) {
    var start = CSVWriter(columns: columns)
    for row in rows { start.append(row.map { .text($0) }) }
    let partialPath = CSVLog.partialPath(of: path)
    try AtomicFile.checkReplaceable(path)
    try start.write(to: partialPath)
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
    try file.write(Data(row.line.utf8))
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

  private static func rows(
    ofLogAt path: String, columns: [String], optional: Set<String>
  ) throws(FileError) -> [[String]] {
    let partialPath = partialPath(of: path)
    let source = FileKind(atPath: partialPath) == .nothing ? path : partialPath
    if FileKind(atPath: source) == .nothing { return [] }

    let file = try MappedFile(path: source)
    let records = try file.withUnsafeBytes { (bytes) throws(FileError) in
      let wholeLines = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      return try CSVParser.records(
        in: UnsafeRawBufferPointer(rebasing: bytes[..<wholeLines]), path: source,
        separator: UInt8(ascii: ","))
    }
    let table = try CSVTable(records, path: source)
    let missing = columns.dropFirst(table.columnNames.count)
    guard table.columnNames + missing == columns, missing.allSatisfy(optional.contains) else {
      throw .malformed(
        path: source, line: 1, .wrongHeader(expected: columns, got: table.columnNames))
    }
    return table.rows.map { $0 + missing.map { _ in "" } }
  }
}
