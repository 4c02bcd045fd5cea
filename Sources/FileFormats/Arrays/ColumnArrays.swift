import UnrollText

/// The columns of a table as arrays.
///
/// A column of whole numbers is int64, one of numbers float64, one with a text str. A blank among
/// numbers is NaN, which makes whole numbers float64, as pandas does; a blank among texts is an empty
/// one.
package struct ColumnArrays: RowTable {
  private let names: [String]
  private var columns: [Column]

  package init(columns names: [String]) {
    self.names = names
    columns = names.map { _ in .blanks(0) }
  }

  package mutating func append(_ row: [CSVField]) {
    require(row.count == columns.count, "expected \(columns.count) fields, got \(row.count)")
    for (index, field) in row.enumerated() { columns[index].append(field) }
  }

  /// An array for each column, called `table/column`.
  package func arrays(of table: String) -> [NamedArray] {
    zip(names, columns).map { name, column in
      let values = column.values
      return NamedArray("\(table)/\(name)", shape: [values.count], values)
    }
  }
}

/// One column so far, in the narrowest type that holds it.
private enum Column {
  case blanks(Int)
  case integers([Int64])
  case numbers([Double])
  case texts([String])

  mutating func append(_ field: CSVField) {
    // Appended in place where the type holds the field, so that the array is not copied.
    switch (self, field) {
    case (.blanks(let count), .blank): self = .blanks(count + 1)
    case (.blanks(0), .integer): self = .integers([])
    case (.blanks(let count), .integer), (.blanks(let count), .number):
      self = .numbers(Array(repeating: .nan, count: count))
    case (.integers(let integers), .number), (.integers(let integers), .blank):
      self = .numbers(integers.map(Double.init))
    case (.texts, _): break
    case (_, .text): self = .texts(texts)
    default: break
    }
    if case .blanks = self { return }
    append(fitting: field)
  }

  private mutating func append(fitting field: CSVField) {
    switch self {
    case .blanks: break
    case .integers(var integers):
      self = .blanks(0)
      if case .integer(let value) = field { integers.append(Int64(value)) }
      self = .integers(integers)
    case .numbers(var numbers):
      self = .blanks(0)
      switch field {
      case .integer(let value): numbers.append(Double(value))
      case .number(let value): numbers.append(value)
      default: numbers.append(.nan)
      }
      self = .numbers(numbers)
    case .texts(var texts):
      self = .blanks(0)
      texts.append(field.text)
      self = .texts(texts)
    }
  }

  private var texts: [String] {
    switch self {
    case .blanks(let count): Array(repeating: "", count: count)
    case .integers(let values): values.map { String($0) }
    case .numbers(let values): values.map { CSVField.number($0).text }
    case .texts(let texts): texts
    }
  }

  var values: ArrayValues {
    switch self {
    case .blanks(let count): .doubles(Array(repeating: .nan, count: count))
    case .integers(let values): .integers(values)
    case .numbers(let values): .doubles(values)
    case .texts(let values): .texts(values)
    }
  }
}

extension CSVField {
  /// The field without quotes.
  fileprivate var text: String {
    if case .text(let text) = self { text } else { encoded }
  }
}
