import UnrollText

/// Builds a CSV file in memory: a header row, then rows of as many fields.
public struct CSVWriter: Sendable {
  /// The file's text so far.
  public private(set) var text: String
  private let columnCount: Int

  /// - Precondition: there is a column.
  public init(columns: [String]) {
    require(!columns.isEmpty, "expected at least one column, got none")
    columnCount = columns.count
    text = columns.map { .text($0) }.line
  }

  /// - Precondition: `row` has a field for each column.
  public mutating func append(_ row: [CSVField]) {
    require(row.count == columnCount, "expected \(columnCount) fields, got \(row.count)")
    text += row.line
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: as ``AtomicFile``.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(text, to: path)
  }
}
