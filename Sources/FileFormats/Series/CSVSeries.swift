/// Columns of numbers of a CSV file in the order of time, with where their values lie.
public struct CSVSeries: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// Its name; without a header, its number from 1.
    public let name: String
    /// Its numbers; those that are missing are made up.
    public let values: [Double]
    /// Whether each of ``values`` counts: false for those that are missing under
    /// ``MissingValues/mask``, true for all others.
    public let isTarget: [Bool]
  }

  /// The file.
  public let path: String
  /// The columns asked for, each once, in the order asked for.
  public let columns: [Column]
  /// For each name asked for, which of ``columns`` it is.
  public let places: [Int]
  /// Where the values lie.
  public let index: SeriesIndex
  /// What was made of the file that may have been meant otherwise.
  public let notices: [CSVNotice]

  /// The number of values of each column.
  public var count: Int { columns.first?.values.count ?? 0 }

  /// Reads columns of the file at `path`, rows in the order of the index.
  ///
  /// - Parameters:
  ///   - columns: names, or numbers from 1; a column may be named several times.
  ///   - reading: how the file is to be read.
  /// - Throws: as ``CSVTable``, and `FileError.malformed` with `.missingColumn`, `.ambiguousColumn`,
  ///   or with the line and `.notANumber`, `.decimalComma`, `.missingValue`, `.unfilledValue`,
  ///   `.unorderedIndex` or `.oddIndex`.
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

    var (columns, notices) = ([Column](), table.notices + found.notices)
    for (position, numbers) in zip(positions, parsed) {
      let (name, policy) = (table.columnNames[position], reading.missing)
      let (values, isObserved) = try table.filled(
        found.isReversed ? numbers.reversed() : numbers, column: position, by: policy,
        isReversed: found.isReversed)
      let missing = isObserved.count { !$0 }
      if missing > 0 {
        notices.append(
          .missingValues(path: path, column: name, count: missing, of: values.count, policy))
      }
      let allCount = policy != .mask
      columns.append(
        Column(name: name, values: values, isTarget: isObserved.map { allCount || $0 }))
    }
    self.path = path
    self.columns = columns
    self.places = places
    self.notices = notices
    index = found.index
  }
}
