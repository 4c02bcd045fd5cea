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
  /// all undefined.
  func source(
    _ using: String, column: Int = 1, isDrawable: (Double) -> Bool = \.isFinite
  ) -> String {
    rows.contains { isDrawable($0[column]) } ? "$\(name) using \(using)" : "NaN"
  }
}
