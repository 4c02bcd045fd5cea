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

  /// Refuses a column that would be the index but for some of its fields: with a footer or a blank,
  /// rows that descend would be read backwards without a word. Says so of a column that is called a
  /// date and has none that is known.
  private mutating func requireNoOddField(in column: Int, of table: CSVTable) throws(FileError) {
    let name = table.columnNames[column]
    let isNamed = Self.names.contains(name.lowercased()) && !name.isEmpty
    var (numbers, areDates) = ([Double](), isNamed)
    func fits(_ field: String) -> Bool {
      if DateFormat.all(fitting: field.trimmingBlanks).contains(where: { !$0.isDigitsAlone }) {
        areDates = true
        return true
      }
      guard let number = CSVNumber.finite(field, decimal: table.reading.decimal) else {
        return false
      }
      numbers.append(number)
      return true
    }
    var (misfits, firstMisfit) = (0, Int?.none)
    for (index, row) in table.rows.enumerated() where !fits(row[column]) {
      misfits += 1
      firstMisfit = firstMisfit ?? index
      // Nearly all of a file has to fit: one field in five may be odd.
      if 5 * misfits > table.rows.count { break }
    }
    guard let firstMisfit else { return }
    let misfit = table.rows[firstMisfit][column]
    if 5 * misfits <= table.rows.count, table.rows.count - misfits >= 2,
      areDates || Self.isIndex(numbers, butFor: misfit)
    {
      throw .malformed(
        path: table.path, line: table.lines[firstMisfit], .oddIndex(column: name, text: misfit))
    }
    if isNamed, let first = table.rows.first?[column] {
      notices.append(.unknownDates(path: table.path, column: name, text: first))
    }
  }

  /// Says of the first column whose numbers are nearly all in order that a few fields keep it from being the index:
  /// a footer, or a row that stands twice, which is read as data; where they descend, time runs backward.
  private mutating func tellOfNearlyIndex(_ columns: [Int], of table: CSVTable) {
    guard table.reading.order != .asIs else { return }
    for column in columns {
      let numbers = table.rows.map { CSVNumber.finite($0[column], decimal: table.reading.decimal) }
      guard let odd = Self.firstOdd(numbers) else { continue }
      notices.append(
        .nearlyIndex(
          path: table.path, column: table.columnNames[column], line: table.lines[odd],
          text: table.rows[odd][column]))
      return
    }
  }

  /// The first element that is no number, or not further on than the one before, where nine in ten are; nil for
  /// other numbers, and where all are.
  private static func firstOdd(_ numbers: [Double?]) -> Int? {
    let steps = zip(numbers, numbers.dropFirst()).map { before, next -> Double in
      guard let before, let next else { return 0 }
      return next - before
    }
    let isUp = steps.count { $0 > 0 } >= steps.count { $0 < 0 }
    func isOdd(_ step: Double) -> Bool { isUp ? step <= 0 : step >= 0 }
    let count = steps.count(where: isOdd)
    guard steps.count >= 10, count > 0, 10 * count <= steps.count else { return nil }
    if numbers[0] == nil { return 0 }
    return steps.firstIndex(where: isOdd).map { $0 + 1 }
  }

  /// Whether `numbers`, whose column's name says nothing, are an index with `misfit` among them. Ascending ones
  /// with a blank are as likely to be measured, and their rows are read in the right order anyway.
  private static func isIndex(_ numbers: [Double], butFor misfit: String) -> Bool {
    switch Order(numbers) {
    case .descending(nil): true
    case .ascending(nil): !MissingValues.isMissing(misfit)
    default: false
    }
  }

  /// Whether the texts in a column are all different and have digits, as dates do in a form that is not known: rows
  /// from the newest to the oldest would be read backwards without a word.
  private func looksLikeDates(_ column: Int, of table: CSVTable) -> Bool {
    let fields = table.rows.map { $0[column] }
    return fields.allSatisfy { field in
      field.contains { ("0"..."9").contains($0) }
        && CSVNumber.finite(field, decimal: table.reading.decimal) == nil
    } && Set(fields).count == fields.count
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
    let order = Order(numbers)
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
  private static let names: Set<String> = [
    "", "t", "time", "timestamp", "date", "datetime", "year", "index", "step", "ds", "unix",
  ]

  private enum Direction { case counted, ascending, descending }

  /// Which way the rows go; descending ones only where they are not to be kept as they are.
  private mutating func direction(
    _ places: [Double], _ texts: [String], _ name: String, of table: CSVTable
  ) throws(FileError) -> Direction {
    let order = Order(places)
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

/// How the elements of an array follow each other.
private enum Order {
  case constant
  /// With the first element that is the same as the one before, nil where there is none.
  case ascending(Int?)
  case descending(Int?)
  /// With the first element that turns back.
  case none(Int)

  var isStrict: Bool {
    switch self {
    case .ascending(nil), .descending(nil): true
    default: false
    }
  }

  init(_ elements: [Double]) {
    var (sign, repeated) = (0, Int?.none)
    for index in elements.indices.dropFirst() {
      let (previous, element) = (elements[index - 1], elements[index])
      if element == previous {
        repeated = repeated ?? index
        continue
      }
      let step = element > previous ? 1 : -1
      if sign != 0, step != sign {
        self = .none(index)
        return
      }
      sign = step
    }
    self = sign == 0 ? .constant : sign > 0 ? .ascending(repeated) : .descending(repeated)
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
    if case .ascending(nil) = Order(first.times.map(\.place)) {
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
      if case .none = Order(reading.times.map(\.place)) { false } else { true }
    }
    return ordered.isEmpty ? readings.filter { !$0.format.isDigitsAlone } : ordered
  }
}
