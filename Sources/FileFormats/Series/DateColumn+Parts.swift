import UnrollText

/// A date whose year, month and day, perhaps also hour, minute and second, have a column each, by these
/// names, as pandas takes them.
struct DateParts {
  private static let names = ["year", "month", "day", "hour", "minute", "second"]

  /// The columns, from that of the year on.
  private let columns: [Int]
  /// `year, month, day`
  let name: String
  private let rows: [[String]]

  /// Nil without columns of a year and a month; those in `values` are none of the index.
  init?(_ table: CSVTable, besides values: Set<Int>) {
    let found = DateParts.names.map { name in
      table.columnNames.indices.first {
        !values.contains($0) && table.columnNames[$0].lowercased() == name
      }
    }
    columns = found.prefix { $0 != nil }.compactMap(\.self)
    guard columns.count >= 2 else { return nil }
    name = columns.map { table.columnNames[$0] }.joined(separator: ", ")
    rows = table.rows
  }

  /// The first row, as it stands in the file: `2024, 1, 31`.
  var firstText: String {
    rows.first.map { row in columns.map { row[$0].trimmingBlanks }.joined(separator: ", ") } ?? ""
  }

  /// The rows' dates as one text each, `2024-01-31 06:00`; nil where a field is no whole number of one
  /// or two digits, of four for the year.
  var texts: [String]? {
    var texts: [String] = []
    texts.reserveCapacity(rows.count)
    for row in rows {
      var parts: [String] = []
      for (place, column) in columns.enumerated() {
        let digits = row[column].trimmingBlanks
        guard (place == 0 ? 4...4 : 1...2).contains(digits.utf8.count),
          digits.utf8.allSatisfy(\.isDigit), let number = Int(digits)
        else { return nil }
        parts.append(number.zeroPadded(to: place == 0 ? 4 : 2))
      }
      let date = parts.prefix(3).joined(separator: "-")
      // An hour is written with its minutes.
      let clock = parts.dropFirst(3) + (parts.count == 4 ? ["00"] : [])
      texts.append(clock.isEmpty ? date : "\(date) \(clock.joined(separator: ":"))")
    }
    return texts
  }
}

extension DateColumn {
  /// The dates that columns of their parts make; nil where some are none.
  init?(_ parts: DateParts) {
    guard let texts = parts.texts else { return nil }
    let readings = DateFormat.all(fitting: texts)
    guard !readings.isEmpty else { return nil }
    self.init(name: "date", texts: texts, readings: readings)
  }
}
