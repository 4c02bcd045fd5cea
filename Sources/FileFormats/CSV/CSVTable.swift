import Foundation

/// How a CSV file is to be read, where the file alone does not say it.
public struct CSVReading: Sendable, Equatable {
  /// Whether the first row names the columns; without it their names are their numbers, from 1.
  public var hasHeader: Bool
  /// How fractions are written; nil is a decimal point and no groups of thousands.
  public var decimal: DecimalMark?
  /// What is done about missing values.
  public var missing: MissingValues
  /// The order in which rows are read.
  public var order: RowOrder

  /// The defaults are what a file from a program has.
  public init(
    hasHeader: Bool = true, decimal: DecimalMark? = nil, missing: MissingValues = .refuse,
    order: RowOrder = .ascending
  ) {
    self.hasHeader = hasHeader
    self.decimal = decimal
    self.missing = missing
    self.order = order
  }
}

/// The order in which the rows of a table with an index, such as a date, are read.
public enum RowOrder: String, CaseIterable, Sendable, CustomStringConvertible {
  /// The index ascends: a file with its newest row first is read from its end.
  case ascending
  /// As they stand in the file.
  case asIs = "as-is"

  /// As on the command line: `as-is`.
  public var description: String { rawValue }
}

/// A CSV file with a header row, or without one where that is said. Fields are separated by commas,
/// semicolons, tabs or bars: by the one that splits all lines into the same number of fields.
///
/// Blank lines are skipped, except that between the rows of a one-column file they are blank cells.
public struct CSVTable: Sendable {
  /// The file that was read.
  public let path: String
  /// The fields of the header row; without a header, numbers from 1.
  public let columnNames: [String]
  /// The rows below the header, as text.
  public let rows: [[String]]
  /// The line of the file on which each row starts, from 1.
  public let lines: [Int]
  /// How the file was to be read.
  public let reading: CSVReading
  /// What was made of the file that may have been meant otherwise.
  public let notices: [CSVNotice]

  /// - Throws: `FileError`: as ``MappedFile``, and `.malformed` with `.notUTF8`, `.otherEncoding`,
  ///   `.binary`, `.foreign`, `.unterminatedQuote`, `.textAfterQuote` or `.raggedRow`.
  public init(path: String, as reading: CSVReading = CSVReading()) throws(FileError) {
    let file = try MappedFile(path: path)
    let records = try file.read { (bytes) throws(FileError) in
      try CSVParser.records(in: bytes, path: path, decimal: reading.decimal)
    }
    try self.init(records, path: path, as: reading)
  }

  init(
    _ records: [CSVRecord], path: String, as reading: CSVReading = CSVReading()
  ) throws(FileError) {
    guard let first = records.firstIndex(where: { !$0.isBlank }),
      let last = records.lastIndex(where: { !$0.isBlank })
    else { throw .empty(path: path) }
    let header = records[first].fields
    let body = records[first...last].dropFirst(reading.hasHeader ? 1 : 0)
      .filter { header.count == 1 || !$0.isBlank }
    for record in body where record.fields.count != header.count {
      throw .malformed(
        path: path, line: record.line,
        .raggedRow(expected: header.count, got: record.fields.count))
    }
    self.path = path
    self.reading = reading
    rows = body.map(\.fields)
    lines = body.map(\.line)
    guard reading.hasHeader else {
      columnNames = header.indices.map { String($0 + 1) }
      notices = []
      return
    }
    columnNames = header.map { $0.trimmingCharacters(in: .whitespaces) }
    notices =
      columnNames.first { CSVTable.isDatum($0, decimal: reading.decimal) }
      .map { [.numberInHeader(path: path, line: records[first].line, text: $0)] } ?? []
  }

  private static func isDatum(_ text: String, decimal: DecimalMark?) -> Bool {
    CSVNumber.finite(text, decimal: decimal) != nil || !DateFormat.all(fitting: text).isEmpty
  }

  /// The finite numbers of the column called `name`, or, when no column is and `name` is an
  /// integer, of the column of that number, counted from 1.
  ///
  /// - Throws: `FileError.malformed` with `.missingColumn` or `.ambiguousColumn`, or with the line
  ///   and `.missingValue`, `.notANumber` or `.decimalComma`.
  public func column(named name: String) throws(FileError) -> [Double] {
    let index = try index(ofColumn: name)
    return try filled(numbers(inColumn: index), column: index, by: .refuse).values
  }

  /// Refuses a table of other columns, or in another order.
  ///
  /// - Throws: `FileError.malformed` with `.wrongHeader`.
  package func requireColumns(_ columns: [String]) throws(FileError) {
    guard columnNames == columns else { throw wrongHeader(columns) }
  }

  private func wrongHeader(_ expected: [String]) -> FileError {
    .malformed(path: path, line: 1, .wrongHeader(expected: expected, got: columnNames))
  }

  /// The rows of a table that has these columns, in this order.
  ///
  /// - Parameter optional: columns that may be missing at the end; their fields are blank then.
  /// - Throws: `FileError.malformed` with `.wrongHeader`.
  package func rows(
    under columns: [String], optional: Set<String> = []
  ) throws(FileError) -> [[String]] {
    let missing = columns.dropFirst(columnNames.count)
    guard columnNames + missing == columns, missing.allSatisfy(optional.contains) else {
      throw wrongHeader(columns)
    }
    return rows.map { $0 + missing.map { _ in "" } }
  }

  /// The numbers of a column that a program wrote, among which may be `nan` and `inf`; the column is found
  /// as for ``column(named:)``.
  ///
  /// - Parameter blank: what a blank field stands for; nil where there may be none.
  /// - Throws: `FileError.malformed` with `.missingColumn` or `.ambiguousColumn`, or with the line and
  ///   `.notANumber`.
  package func measured(
    inColumn name: String, blank: Double? = nil
  ) throws(FileError) -> [Double] {
    var numbers: [Double] = []
    for (text, line) in zip(try texts(inColumn: name), lines) {
      guard let number = CSVNumber.written(text) ?? (text.isEmpty ? blank : nil) else {
        throw .malformed(path: path, line: line, .notANumber(column: name, text: text))
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The whole numbers of a column; the column is found as for ``column(named:)``.
  ///
  /// - Throws: `FileError.malformed` with `.missingColumn` or `.ambiguousColumn`, or with the line and
  ///   `.notAWholeNumber`.
  package func wholeNumbers(inColumn name: String) throws(FileError) -> [Int] {
    var numbers: [Int] = []
    for (text, line) in zip(try texts(inColumn: name), lines) {
      guard let number = CSVNumber.finite(text).flatMap({ Int(exactly: $0) }) else {
        throw .malformed(path: path, line: line, .notAWholeNumber(column: name, text: text))
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

  /// The numbers of column `index`, counted from 0, with nil where one is missing.
  ///
  /// - Throws: `FileError.malformed` with the line and `.notANumber` or `.decimalComma`.
  func numbers(inColumn index: Int) throws(FileError) -> [Double?] {
    var numbers: [Double?] = []
    numbers.reserveCapacity(rows.count)
    for (row, line) in zip(rows, lines) {
      if let number = CSVNumber.finite(row[index], decimal: reading.decimal) {
        numbers.append(number)
      } else if MissingValues.isMissing(row[index]) {
        numbers.append(nil)
      } else {
        let (column, text) = (columnNames[index], row[index].trimmingBlanks)
        let hasComma = DecimalMark.allCases.contains {
          CSVNumber.finite(text, decimal: $0) != nil
        }
        throw .malformed(
          path: path, line: line,
          hasComma && reading.decimal == nil
            ? .decimalComma(column: column, text: text) : .notANumber(column: column, text: text))
      }
    }
    return numbers
  }

  /// `numbers`, in the order in which they are to be read, with those that are missing made up.
  ///
  /// - Parameter partStarts: where the parts begin that follow the first one.
  /// - Throws: `FileError.malformed` with the line and `.missingValue`, `.unfilledValue` or
  ///   `.unfilledPartEnd`.
  func filled(
    _ numbers: [Double?], column: Int, by policy: MissingValues, isReversed: Bool = false,
    partStarts: [Int] = []
  ) throws(FileError) -> (values: [Double], isObserved: [Bool]) {
    switch policy.filling(numbers, partStarts: partStarts) {
    case .success(let values): return (values, numbers.map { $0 != nil })
    case .failure(let position):
      let row = isReversed ? rows.count - 1 - position.index : position.index
      let (name, text) = (columnNames[column], rows[row][column].trimmingBlanks)
      let count = numbers.count { $0 == nil }
      if position.isBeforeLaterPart {
        throw .malformed(path: path, line: lines[row], .unfilledPartEnd(column: name, text: text))
      }
      throw .malformed(
        path: path, line: lines[row],
        policy == .refuse || count == numbers.count
          ? .missingValue(column: name, text: text, count: count)
          : .unfilledValue(column: name, text: text, policy: policy))
    }
  }

  /// The position, from 0, of the column called `name` or of that number.
  ///
  /// - Throws: `FileError.malformed` with `.missingColumn` or `.ambiguousColumn`.
  func index(ofColumn name: String) throws(FileError) -> Int {
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
