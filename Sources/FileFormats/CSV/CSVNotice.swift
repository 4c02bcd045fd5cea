import UnrollText

/// What was made of a CSV file that may have been meant otherwise.
public enum CSVNotice: Equatable, Sendable, CustomStringConvertible {
  /// A field of the header is a number or a date, as a row of data has.
  case numberInHeader(path: String, line: Int, text: String)
  /// The index descends, and the rows were read from the last to the first.
  case newestFirst(path: String, column: String, first: String, last: String)
  /// Neighboring rows have the same index, so that it tells no row from another.
  case repeatedIndex(path: String, column: String, line: Int, text: String)
  /// The dates fit two formats.
  case ambiguousDates(path: String, column: String, text: String)
  /// A column that is called a date has none that is known.
  case unknownDates(path: String, column: String, text: String)
  /// A column of numbers is in order but for a few fields, of which `text` is the first.
  case nearlyIndex(path: String, column: String, line: Int, text: String)
  /// Columns that are called a year, a month and so on make no dates.
  case unknownDateParts(path: String, columns: String, text: String)
  /// Values are missing and were made up, or do not count.
  case missingValues(path: String, column: String, count: Int, of: Int, MissingValues)

  /// What was made of the file, and how to have it read otherwise, in one line.
  public var description: String {
    switch self {
    case .numberInHeader(let path, let line, let text):
      "\(path.escaped), line \(line) is taken for the header, though \(text.quoted) in it is a "
        + "number or a date; --no-header takes it for data"
    case .newestFirst(let path, let column, let first, let last):
      "\(path.escaped): column \(column.quoted) descends from \(first.quoted) to \(last.quoted), so "
        + "the rows are read from the last to the first; --order as-is keeps the file's order"
    case .repeatedIndex(let path, let column, let line, let text):
      "\(path.escaped), line \(line): \(text.quoted) in column \(column.quoted) is the same as in "
        + "the row before, so the rows are taken in the file's order and counted"
    case .ambiguousDates(let path, let column, let text):
      "\(path.escaped): the dates of column \(column.quoted), such as \(text.quoted), have the day "
        + "or the month first; the rows are counted instead"
    case .unknownDates(let path, let column, let text):
      "\(path.escaped): column \(column.quoted), such as \(text.quoted), has no form of date or number "
        + "that is known, so the rows are taken in the file's order and counted"
    case .nearlyIndex(let path, let column, let line, let text):
      "\(path.escaped), line \(line): \(text.quoted) in column \(column.quoted) breaks the order of its numbers, so "
        + "the rows are taken in the file's order and counted, this one too; where it is the index, mend or remove the line"
    case .unknownDateParts(let path, let columns, let text):
      "\(path.escaped): the columns \(columns), such as \(text.quoted), make no dates, and no single "
        + "column of dates was found; whole numbers of four digits for the year and two for the rest do"
    case .missingValues(let path, let column, let count, let all, let policy):
      "\(path.escaped): \(count) of \(all) values of column \(column.quoted) are missing, and "
        + policy.deed
    }
  }
}

extension MissingValues {
  fileprivate var deed: String {
    switch self {
    case .refuse: "are refused"
    case .previous: "are taken to be the value before"
    case .interpolate: "are taken from the straight line between their neighbors"
    case .mask: "do not count as targets"
    }
  }
}
