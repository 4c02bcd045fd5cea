/// The index of a table and what follows from it for the rows.
struct FoundIndex {
  var index: SeriesIndex
  /// Whether the rows are to be read from the last to the first.
  var isReversed = false
  var notices: [CSVNotice] = []

  /// Finds the index in the columns of `table` that are not `values`: the first one of dates, otherwise
  /// those of a year, a month and so on, otherwise the first one of numbers.
  ///
  /// - Throws: `FileError.malformed` with the line, where the file's order is not asked for:
  ///   `.unorderedIndex` where dates, or numbers whose name says that they are an index, are in no
  ///   order; `.oddIndex` where only a few fields keep a column from being the index.
  init(in table: CSVTable, besides values: Set<Int>) throws(FileError) {
    index = SeriesIndex(counting: table.rows.count)
    guard table.rows.count > 1 else { return }
    let columns = table.columnNames.indices.filter { !values.contains($0) }
    for column in columns {
      if let dates = DateColumn(table, column, besides: values) {
        try take(dates, of: table)
        return
      }
    }
    if let parts = DateParts(table, besides: values) {
      if let dates = DateColumn(parts) {
        try take(dates, of: table)
        return
      }
      notices.append(
        .unknownDateParts(path: table.path, columns: parts.name, text: parts.firstText))
    }
    for column in columns {
      let texts = table.rows.map { $0[column] }
      let numbers = texts.compactMap { CSVNumber.finite($0, decimal: table.reading.decimal) }
      if numbers.count == texts.count {
        try take(numbers, texts, table.columnNames[column], of: table)
        if !index.isFromFile, notices.isEmpty { tellOfNearlyIndex(columns, of: table) }
        return
      }
    }
    if table.reading.order == .asIs { return }
    for column in columns { try requireNoOddField(in: column, of: table) }
    if notices.isEmpty { tellOfNearlyIndex(columns, of: table) }
    if notices.isEmpty, let column = columns.first(where: { looksLikeDates($0, of: table) }),
      let first = table.rows.first?[column]
    {
      notices.append(
        .unknownDates(path: table.path, column: table.columnNames[column], text: first))
    }
  }

  private mutating func take(_ dates: DateColumn, of table: CSVTable) throws(FileError) {
    let (name, texts) = (dates.name, dates.texts)
    switch try direction(dates.readings[0].times.map(\.place), texts, name, of: table) {
    case .counted: return
    case .ascending: break
    case .descending: reverse(table, name, texts)
    }
    guard dates.readings.count == 1 else {
      notices.append(.ambiguousDates(path: table.path, column: name, text: texts[0]))
      return
    }
    let (format, times) = dates.readings[0]
    index = SeriesIndex(
      name: name, dates: isReversed ? times.reversed() : times,
      texts: isReversed ? texts.reversed() : texts, format: format)
  }

  private mutating func take(
    _ numbers: [Double], _ texts: [String], _ name: String, of table: CSVTable
  ) throws(FileError) {
    let order = IndexOrder(numbers)
    // A column of numbers may be anything; only in order, or by its name, is it an index.
    guard order.isStrict || Self.names.contains(name.lowercased()) else { return }
    switch try direction(numbers, texts, name, of: table) {
    case .counted: return
    case .ascending: break
    case .descending: reverse(table, name, texts)
    }
    guard zip(numbers, numbers.dropFirst()).allSatisfy({ ($1 - $0).isFinite }) else { return }
    index = SeriesIndex(name: name, numbers: isReversed ? numbers.reversed() : numbers)
  }

  /// What columns of numbers are called that count time from row to row.
  static let names: Set<String> = [
    "", "t", "time", "timestamp", "date", "datetime", "year", "index", "step", "ds", "unix",
  ]

  private enum Direction { case counted, ascending, descending }

  /// Which way the rows go; descending ones only where they are not to be kept as they are.
  private mutating func direction(
    _ places: [Double], _ texts: [String], _ name: String, of table: CSVTable
  ) throws(FileError) -> Direction {
    let order = IndexOrder(places)
    let isAsIs = table.reading.order == .asIs
    func unordered(at row: Int) -> FileError {
      .malformed(
        path: table.path, line: table.lines[row],
        .unorderedIndex(column: name, text: texts[row], previous: texts[row - 1]))
    }
    switch order {
    case .constant: return .counted
    case .ascending(nil): return .ascending
    case .descending(nil): return isAsIs ? .ascending : .descending
    case .ascending(let repeated?):
      notices.append(
        .repeatedIndex(
          path: table.path, column: name, line: table.lines[repeated], text: texts[repeated]))
      return .counted
    // Which of two rows with the same index comes first is not known.
    case .descending(let repeated?):
      if isAsIs { return .counted }
      throw unordered(at: repeated)
    case .none(let row):
      if isAsIs { return .counted }
      throw unordered(at: row)
    }
  }

  private mutating func reverse(_ table: CSVTable, _ name: String, _ texts: [String]) {
    isReversed = true
    notices.append(
      .newestFirst(
        path: table.path, column: name, first: texts.first ?? "", last: texts.last ?? ""))
  }
}

/// A column of dates, together with the one of times of day to its right where the dates repeat.
struct DateColumn {
  let name: String
  let texts: [String]
  /// The formats that fit all dates; two where it is open whether day or month comes first.
  let readings: [(format: DateFormat, times: [CivilTime])]

  init(name: String, texts: [String], readings: [(format: DateFormat, times: [CivilTime])]) {
    (self.name, self.texts, self.readings) = (name, texts, readings)
  }

  init?(_ table: CSVTable, _ column: Int, besides values: Set<Int>) {
    // Most columns are none of dates, which the first field tells.
    guard let field = table.rows.first?[column],
      !DateFormat.all(fitting: field.trimmingBlanks).isEmpty
    else { return nil }
    let texts = table.rows.map { $0[column].trimmingBlanks }
    let readings = DateColumn.orderly(DateFormat.all(fitting: texts))
    guard let first = readings.first else { return nil }
    let next = column + 1
    if case .ascending(nil) = IndexOrder(first.times.map(\.place)) {
    } else if next < table.columnNames.count, !values.contains(next) {
      let joined = zip(texts, table.rows).map { "\($0) \($1[next].trimmingBlanks)" }
      let readings = DateColumn.orderly(DateFormat.all(fitting: joined))
      if !readings.isEmpty {
        name = "\(table.columnNames[column]) \(table.columnNames[next])"
        (self.texts, self.readings) = (joined, readings)
        return
      }
    }
    (name, self.texts, self.readings) = (table.columnNames[column], texts, readings)
  }

  /// The formats under which the dates are in order, where there are such; those of digits alone
  /// only then, because other numbers look like them.
  private static func orderly(
    _ readings: [(format: DateFormat, times: [CivilTime])]
  ) -> [(format: DateFormat, times: [CivilTime])] {
    let ordered = readings.filter { reading in
      if case .none = IndexOrder(reading.times.map(\.place)) { false } else { true }
    }
    return ordered.isEmpty ? readings.filter { !$0.format.isDigitsAlone } : ordered
  }
}
