import UnrollText

/// A table that a ``DecaySection`` shows in the terminal, with its title and a legend.
public struct DecayPrintout: Sendable {
  /// The line above the table.
  public let title: String
  /// The names of the columns.
  public let header: [String]
  /// The cells of each row, as many as the header has.
  public let rows: [[String]]
  /// How many of the columns say what a row is.
  public let keys: Int
  /// What the columns mean; lines of at most 80 characters.
  public let legend: String

  /// - Precondition: each row has as many cells as the header.
  public init(
    title: String, header: [String], rows: [[String]], keys: Int = 1, legend: String
  ) {
    require(
      rows.allSatisfy { $0.count == header.count },
      "expected \(header.count) cells in each row, got \(rows.map(\.count))")
    self.title = title
    self.header = header
    self.rows = rows
    self.keys = keys
    self.legend = legend
  }

  /// A model's label as a narrow column shows it: of a long one the two ends, which tell
  /// specifications apart.
  public static func shortened(_ label: String, unicode: Bool) -> String {
    let text = label.count > 16 ? label.prefix(8) + (unicode ? "…" : "~") + label.suffix(7) : label
    return text.escaped
  }
}

extension DecayPrintout {
  func print(on page: any TextPage) {
    var table = TextTable(header: header)
    for row in rows { table.append(row) }
    page.printFitted("\n" + title)
    page.printTable(table, keys: keys)
    page.printFitted("\n" + legend)
  }
}
