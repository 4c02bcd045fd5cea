/// Columns of numbers of a CSV file in the order of time, whose missing values are still open: what may
/// stand in for them depends on how many values there are, and how they are divided.
public struct UnfilledSeries: Sendable {
  /// Where the values lie.
  public let index: SeriesIndex
  /// The number of values of each column.
  public var count: Int { table.rows.count }

  let table: CSVTable
  /// Of each column asked for, its position in the file.
  let positions: [Int]
  /// For each name asked for, which of ``positions`` it is.
  let places: [Int]
  /// Of each column, its numbers, with nil where one is missing.
  let numbers: [[Double?]]
  /// Whether the rows are read from the last to the first.
  public let isReversed: Bool
  let notices: [CSVNotice]

  /// Reads columns of the file at `path`, rows in the order of the index.
  ///
  /// - Parameters:
  ///   - columns: names, or numbers from 1; a column may be named several times.
  ///   - reading: how the file is to be read.
  /// - Throws: as ``CSVTable``, and `FileError.malformed` with `.missingColumn`, `.ambiguousColumn`,
  ///   or with the line and `.notANumber`, `.decimalComma`, `.unorderedIndex` or `.oddIndex`.
  public init(
    path: String, columns names: [String], as reading: CSVReading = CSVReading()
  ) throws(FileError) {
    let table = try CSVTable(path: path, as: reading)
    var (positions, places) = ([Int](), [Int]())
    for name in names {
      let position = try table.index(ofColumn: name)
      places.append(positions.firstIndex(of: position) ?? positions.count)
      if places.last == positions.count { positions.append(position) }
    }
    var parsed: [[Double?]] = []
    for position in positions { parsed.append(try table.numbers(inColumn: position)) }
    let found = try FoundIndex(in: table, besides: Set(positions))
    (self.table, self.positions, self.places) = (table, positions, places)
    (index, isReversed) = (found.index, found.isReversed)
    numbers = found.isReversed ? parsed.map { $0.reversed() } : parsed
    notices = table.notices + found.notices
  }

  /// Refuses missing values among the first `count` of each column, where none are accepted: that comes
  /// before anything that is wrong with how many values there are.
  ///
  /// - Throws: `FileError.malformed` with the line and `.missingValue`.
  public func requireAcceptedValues(count: Int) throws(FileError) {
    guard table.reading.missing == .refuse else { return }
    for (position, numbers) in zip(positions, numbers) where numbers.prefix(count).contains(nil) {
      _ = try table.filled(
        Array(numbers.prefix(count)), column: position, by: .refuse, isReversed: isReversed)
    }
  }
}
