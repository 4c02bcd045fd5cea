import UnrollText

/// A table of numbers inside a gnuplot script, plotted as `$name`.
public struct DataBlock: Sendable {
  /// The block's name: a letter, then letters, digits and `_`.
  public let name: String
  /// What the columns hold, as a comment above them.
  public let columns: String
  /// The rows, each with one value for each column.
  public let rows: [[Double]]

  /// A table called `name`.
  public init(name: String, columns: String, rows: [[Double]]) {
    self.name = name
    self.columns = columns
    self.rows = rows
  }

  var text: String {
    let lines = rows.map { row in
      row.map(NumberText.data).joined(separator: " ")
    }
    return (["$\(name) << EOD", "# \(columns)"] + lines + ["EOD"]).joined(separator: "\n")
  }
}

extension DataBlock {
  /// What a plot reads: the block's columns `using`, or, where no value of `column` (counted from
  /// 0) can be drawn, a function without values. gnuplot 5.4 can crash on a block whose points are
  /// all undefined. Of the rows it reads every `step`-th, from the one at `first`.
  func source(
    _ using: String, column: Int = 1, every step: Int = 1, from first: Int = 0,
    isDrawable: (Double) -> Bool = \.isFinite
  ) -> String {
    let read = stride(from: first, to: rows.count, by: step).lazy.map { rows[$0] }
    guard read.contains(where: { $0.count > column && isDrawable($0[column]) }) else {
      return "NaN"
    }
    return "$\(name)\(step == 1 ? "" : " every \(step)::\(first)") using \(using)"
  }
}
