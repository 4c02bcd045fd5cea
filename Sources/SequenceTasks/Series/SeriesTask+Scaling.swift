import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollText

/// How the columns of a series are scaled.
extension SeriesTask {
  /// Says which columns stand in the place of a model's others, in whose scaling they are read.
  static func notices(
    of columns: [SeriesColumn], in scalings: SeriesScalings?, path: String
  ) -> [String] {
    guard let scalings else { return [] }
    var notices: [String] = []
    for (column, own) in zip(columns, scalings.inputs + scalings.targets)
    where own.name != column.name && !own.name.isEmpty {
      let notice =
        "\(path.escaped): column \(column.name.quoted) stands in the place of the model's "
        + "\(own.name.quoted), and is scaled as that"
      if !notices.contains(notice) { notices.append(notice) }
    }
    return notices
  }

  /// The scaling of the known values of a part of a column. Those that were made up do not count: they
  /// say nothing of the column that the known ones do not.
  static func scaling(
    of column: CSVSeries.Column, path: String, fittedTo fitted: (part: Split, range: Range<Int>)
  ) throws(TaskError) -> SeriesScaling {
    let known = fitted.range.filter { column.isKnown[$0] }.map { column.values[$0] }
    if known.isEmpty {
      throw .nothingKnown(path: path, columns: [column.name], part: fitted.part)
    }
    guard let scaling = SeriesScaling(known[...]) else {
      let spread = (known.max() ?? 0) - (known.min() ?? 0)
      throw spread < 1
        ? .tooClose(path: path, column: column.name, spread: spread)
        : .notScalable(path: path, column: column.name)
    }
    return scaling
  }

  static func scaled(_ columns: [SeriesColumn]) -> Matrix<Double> {
    let count = columns[0].values.count
    var elements: [Double] = []
    elements.reserveCapacity(count * columns.count)
    for row in 0..<count {
      for column in columns { elements.append(column.scaling.scaled(column.values[row])) }
    }
    return Matrix(rows: count, columns: columns.count, elements)
  }
}
