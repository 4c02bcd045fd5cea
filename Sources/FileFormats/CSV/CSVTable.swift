import Foundation

/// A CSV file with a header row. Fields are separated by commas, or by semicolons or tabs where the
/// header has no comma.
///
/// Blank lines are skipped, except that between the rows of a one-column file they are blank cells.
public struct CSVTable: Sendable {
  /// The file that was read.
  public let path: String
  /// The fields of the header row.
  public let columnNames: [String]
  /// The rows below the header, as text.
  public let rows: [[String]]
  /// The line of the file on which each row starts, from 1.
  public let lines: [Int]

  /// - Throws: `FileError`: as ``MappedFile``, and `.malformed` with `.notUTF8`, `.binary`,
  ///   `.unterminatedQuote`, `.textAfterQuote` or `.raggedRow`.
  public init(path: String) throws(FileError) {
    let file = try MappedFile(path: path)
    let records = try file.withUnsafeBytes { (bytes) throws(FileError) in
      try CSVParser.records(in: bytes, path: path)
    }
    try self.init(records, path: path)
  }

  init(_ records: [CSVRecord], path: String) throws(FileError) {
    guard let first = records.firstIndex(where: { !$0.isBlank }),
      let last = records.lastIndex(where: { !$0.isBlank })
    else { throw .empty(path: path) }
    let header = records[first].fields
    let body = records[first...last].dropFirst().filter { header.count == 1 || !$0.isBlank }
    for record in body where record.fields.count != header.count {
      throw .malformed(
        path: path, line: record.line,
        .raggedRow(expected: header.count, got: record.fields.count))
    }
    self.path = path
    columnNames = header.map { $0.trimmingCharacters(in: .whitespaces) }
    rows = body.map(\.fields)
    lines = body.map(\.line)
  }

  /// The finite numbers of the column called `name`, or, when no column is and `name` is an
  /// integer, of the column of that number, counted from 1.
  ///
  /// - Throws: `FileError.malformed` with `.missingColumn` or `.ambiguousColumn`, or with the line
  ///   and `.blankCell` or `.notANumber`.
  public func column(named name: String) throws(FileError) -> [Double] {
    let index = try index(ofColumn: name)
    let column = columnNames[index]
    var numbers: [Double] = []
    numbers.reserveCapacity(rows.count)
    for (row, line) in zip(rows, lines) {
      let text = row[index].trimmingCharacters(in: .whitespaces)
      guard !text.isEmpty else {
        throw .malformed(path: path, line: line, .blankCell(column: column))
      }
      guard let number = Double(text), number.isFinite else {
        throw .malformed(path: path, line: line, .notANumber(column: column, text: text))
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The fields of a column as they stand in the file; the column is found as for ``column(named:)``.
  ///
  /// - Throws: `FileError.malformed` with `.missingColumn` or `.ambiguousColumn`.
  public func texts(inColumn name: String) throws(FileError) -> [String] {
    let index = try index(ofColumn: name)
    return rows.map { $0[index] }
  }

  private func index(ofColumn name: String) throws(FileError) -> Int {
    let matches = columnNames.indices.filter { columnNames[$0] == name }
    switch matches.count {
    case 0:
      if let number = Int(name), (1...columnNames.count).contains(number) { return number - 1 }
      throw .malformed(path: path, line: nil, .missingColumn(name, present: columnNames))
    case 1: return matches[0]
    default: throw .malformed(path: path, line: nil, .ambiguousColumn(name))
    }
  }
}
