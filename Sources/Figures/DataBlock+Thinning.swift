extension DataBlock {
  /// A curve with more rows than this is thinned.
  static let mostRows = 2000

  /// The parts of the horizontal axis in which a thinned curve keeps its extremes: a little more than
  /// a plot has columns of pixels.
  private static let parts = 800

  /// The table of a curve, thinned where there are more rows than a picture can show.
  ///
  /// In each of 800 equal parts of the horizontal axis the rows with the least and the greatest value of
  /// each column of `values` are kept, and the first gap; so are the curve's first and last row. So
  /// no spike and no gap is lost, and what is kept is exact. A curve of up to 2,000 rows is kept whole.
  ///
  /// - Parameters:
  ///   - rows: the rows in the order in which they are joined. They are read twice.
  ///   - x: the column with the place on the horizontal axis, in the axis' scale.
  ///   - values: the columns that are drawn, in a scale that grows with the vertical axis.
  ///   - isDrawable: whether a value can be drawn; a row without one, or shorter, is a gap.
  init(
    curve name: String, columns: String, rows: some RandomAccessCollection<[Double]>, x: Int = 0,
    values: Range<Int> = 1..<2,
    isDrawable: (_ value: Double, _ column: Int) -> Bool = { value, _ in value.isFinite }
  ) {
    let kept = Self.places(keptOf: rows, x: x, values: values, isDrawable: isDrawable)
    self.init(
      name: name, columns: columns,
      rows: kept.map { rows[rows.index(rows.startIndex, offsetBy: $0)] })
  }

  /// The offsets of the rows that a thinned curve keeps, ascending; those of all where they are few.
  static func places(
    keptOf rows: some RandomAccessCollection<[Double]>, x: Int, values: Range<Int>,
    isDrawable: (_ value: Double, _ column: Int) -> Bool
  ) -> [Int] {
    guard rows.count > mostRows else { return Array(0..<rows.count) }
    var (low, high) = (Double.infinity, -Double.infinity)
    for row in rows where row.count > x && abs(row[x]) <= Axis.largest {
      (low, high) = (min(low, row[x]), max(high, row[x]))
    }
    let width = high > low ? high - low : 1
    var (kept, part) = ([0], Part(values.count))
    for (place, row) in rows.enumerated() {
      let at = row.count > x ? row[x] : .nan
      // A row without a place is a gap where it comes.
      let isPlaced = abs(at) <= Axis.largest
      let number =
        isPlaced ? min(Int((at - low) / width * Double(parts)), parts - 1) : part.number
      if number != part.number {
        kept += part.places
        part = Part(values.count, number: number)
      }
      for (index, column) in values.enumerated() {
        let value = isPlaced && row.count > column ? row[column] : .nan
        part.add(value, isDrawable(value, column), of: index, at: place)
      }
    }
    kept += part.places
    let last = rows.count - 1
    return kept.last == last ? kept.droppingRepeats : (kept + [last]).droppingRepeats
  }

  /// What is kept of one part of the axis.
  private struct Part {
    /// Where a column has its least and its greatest value, and its first gap.
    private struct Column {
      var least: (place: Int, value: Double)?
      var greatest: (place: Int, value: Double)?
      var gap: Int?
    }

    let number: Int
    private var columns: [Column]

    init(_ count: Int, number: Int = 0) {
      self.number = number
      columns = Array(repeating: Column(), count: count)
    }

    mutating func add(_ value: Double, _ isDrawable: Bool, of column: Int, at place: Int) {
      guard isDrawable, !value.isNaN else {
        if columns[column].gap == nil { columns[column].gap = place }
        return
      }
      if columns[column].least.map({ value < $0.value }) ?? true {
        columns[column].least = (place, value)
      }
      if columns[column].greatest.map({ value > $0.value }) ?? true {
        columns[column].greatest = (place, value)
      }
    }

    var places: [Int] {
      columns.flatMap { [$0.least?.place, $0.greatest?.place, $0.gap].compactMap(\.self) }.sorted()
    }
  }
}

extension [Int] {
  /// An ascending list with each number once.
  fileprivate var droppingRepeats: [Int] {
    reduce(into: []) { kept, number in if kept.last != number { kept.append(number) } }
  }
}
