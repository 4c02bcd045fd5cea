/// Columns of numbers of a CSV file in the order of time, with where their values lie.
public struct CSVSeries: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// Its name; without a header, its number from 1.
    public let name: String
    /// Its numbers; those that are missing are made up.
    public let values: [Double]
    /// Whether each of ``values`` is the file's own: false for those that are missing.
    public let isKnown: [Bool]
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
  /// - Throws: as ``UnfilledSeries/init(path:columns:as:)`` and ``init(_:count:partStarts:)``.
  public init(
    path: String, columns names: [String], as reading: CSVReading = CSVReading()
  ) throws(FileError) {
    try self.init(UnfilledSeries(path: path, columns: names, as: reading))
  }

  /// Makes up what is missing of columns. Nothing is made from a value of a later part, or of those
  /// that are not used.
  ///
  /// - Parameters:
  ///   - series: the columns.
  ///   - count: how many values of each are used, from the first on; nil uses all.
  ///   - partStarts: where the parts begin that follow the first one.
  /// - Throws: `FileError.malformed` with the line and `.missingValue`, `.unfilledValue` or
  ///   `.unfilledPartEnd`.
  public init(
    _ series: UnfilledSeries, count: Int? = nil, partStarts: [Int] = []
  ) throws(FileError) {
    let (table, policy, count) = (series.table, series.table.reading.missing, count ?? series.count)
    var (columns, notices) = ([Column](), series.notices)
    for (position, numbers) in zip(series.positions, series.numbers) {
      let (values, isKnown) = try table.filled(
        Array(numbers.prefix(count)), column: position, by: policy, isReversed: series.isReversed,
        partStarts: partStarts)
      let (name, missing) = (table.columnNames[position], isKnown.count { !$0 })
      if missing > 0 {
        notices.append(
          .missingValues(path: table.path, column: name, count: missing, of: values.count, policy))
      }
      columns.append(
        Column(
          name: name, values: values, isKnown: isKnown,
          isTarget: isKnown.map { policy != .mask || $0 }))
    }
    path = table.path
    self.columns = columns
    self.notices = notices
    places = series.places
    index = series.index.prefix(count)
  }
}
