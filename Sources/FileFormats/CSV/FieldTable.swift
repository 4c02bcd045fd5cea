import UnrollText

/// A table in memory, which can be written as a CSV file and as arrays of its columns.
package struct FieldTable {
  /// The name of the CSV file without its extension, and what the names of the arrays begin with.
  package let name: String
  private let columns: [String]
  /// Row-major.
  private var fields: [CSVField] = []

  /// A table without rows.
  ///
  /// - Precondition: there is a column.
  package init(_ name: String, columns: [String]) {
    require(!columns.isEmpty, "expected at least one column, got none")
    (self.name, self.columns) = (name, columns)
  }

  /// - Precondition: `row` has a field for each column.
  package mutating func append(_ row: [CSVField]) {
    require(row.count == columns.count, "expected \(columns.count) fields, got \(row.count)")
    fields += row
  }

  /// The table as a file.
  package var csv: CSVWriter {
    var writer = CSVWriter(columns: columns)
    for start in stride(from: 0, to: fields.count, by: columns.count) {
      writer.append(Array(fields[start..<start + columns.count]))
    }
    return writer
  }

  /// An array for each column, called `table/column`.
  ///
  /// A column of whole numbers is int64, one of numbers float64, one with a text str. A blank among
  /// numbers is NaN, which makes whole numbers float64, as pandas does; a blank among texts is an empty
  /// one.
  package var arrays: [NamedArray] {
    columns.enumerated().map { index, column in
      let own = stride(from: index, to: fields.count, by: columns.count).map { fields[$0] }
      return NamedArray("\(name)/\(column)", shape: [own.count], ArrayValues(own))
    }
  }
}

extension ArrayValues {
  /// The fields in the narrowest type that holds them all.
  fileprivate init(_ fields: [CSVField]) {
    let integers = fields.compactMap(\.integer)
    if fields.contains(where: \.isText) {
      self = .texts(fields.map(\.unquoted))
    } else if integers.count == fields.count, !fields.isEmpty {
      self = .integers(integers)
    } else {
      self = .doubles(fields.map { $0.number ?? .nan })
    }
  }
}

extension CSVField {
  fileprivate var isText: Bool { if case .text = self { true } else { false } }

  fileprivate var integer: Int64? {
    if case .integer(let value) = self { Int64(value) } else { nil }
  }

  /// The field without quotes.
  fileprivate var unquoted: String {
    if case .text(let text) = self { text } else { encoded }
  }
}
