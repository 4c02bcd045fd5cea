/// A table that is made row by row: a CSV file, or an array for each column.
package protocol RowTable {
  /// A table without rows.
  init(columns: [String])

  /// - Precondition: `row` has a field for each column.
  mutating func append(_ row: [CSVField])
}

extension CSVWriter: RowTable {}
