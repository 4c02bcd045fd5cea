// What is refused or said where a few fields keep a column from being the index.

extension FoundIndex {
  /// Refuses a column that would be the index but for some of its fields: with a footer or a blank,
  /// rows that descend would be read backwards without a word. Says so of a column that is called a
  /// date and has none that is known.
  mutating func requireNoOddField(in column: Int, of table: CSVTable) throws(FileError) {
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
  mutating func tellOfNearlyIndex(_ columns: [Int], of table: CSVTable) {
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
    switch IndexOrder(numbers) {
    case .descending(nil): true
    case .ascending(nil): !MissingValues.isMissing(misfit)
    default: false
    }
  }

  /// Whether the texts in a column are all different and have digits, as dates do in a form that is not known: rows
  /// from the newest to the oldest would be read backwards without a word.
  func looksLikeDates(_ column: Int, of table: CSVTable) -> Bool {
    let fields = table.rows.map { $0[column] }
    return fields.allSatisfy { field in
      field.contains { ("0"..."9").contains($0) }
        && CSVNumber.finite(field, decimal: table.reading.decimal) == nil
    } && Set(fields).count == fields.count
  }
}
