/// A table in plain text: columns two spaces apart, numbers (and columns of nothing but `-`) to the
/// right, texts to the left. A cell is of one line, whatever was in the file that it is from.
package struct TextTable: Sendable {
  package let header: [String]
  package private(set) var rows: [[String]] = []

  package init(_ header: String...) {
    self.init(header: header)
  }

  package init(header: [String]) {
    self.header = header.map { $0.visible(keepingLines: false) }
  }

  /// Adds a row of as many cells as the header has.
  package mutating func append(_ cells: [String]) {
    require(
      cells.count == header.count, "expected \(header.count) cells, got \(cells.count)")
    rows.append(cells.map { $0.visible(keepingLines: false) })
  }

  /// The same table without the columns of these names.
  package func without(_ names: [String]) -> TextTable {
    columns(header.indices.filter { !names.contains(header[$0]) })
  }

  private func columns(_ kept: [Int]) -> TextTable {
    var table = TextTable(header: kept.map { header[$0] })
    for row in rows { table.append(kept.map { row[$0] }) }
    return table
  }

  /// How wide each column is.
  private var widths: [Int] {
    header.indices.map { column in
      ([header] + rows).map { StyledText.columns(of: $0[column]) }.max() ?? 0
    }
  }

  /// The table in parts of at most `columns`, one below the other, each with the first `keys` columns
  /// and at least one more; the table itself where it fits.
  package func parts(columns: Int, keys: Int = 1) -> [TextTable] {
    let widths = widths
    // A column without a text at all takes no room.
    func width(_ columns: [Int]) -> Int {
      columns.reduce(-2) { widths[$1] == 0 ? $0 : $0 + widths[$1] + 2 }
    }
    let first = Array(header.indices.prefix(keys))
    var parts: [[Int]] = [first]
    for column in header.indices.dropFirst(keys) {
      if let last = parts.last, last.count > first.count, width(last + [column]) > columns {
        parts.append(first)
      }
      parts[parts.count - 1].append(column)
    }
    guard parts.count > 1 else { return [self] }
    return parts.map(self.columns)
  }

  /// How wide the table's lines are at most.
  package var columns: Int { lines().map { StyledText.columns(of: $0) }.max() ?? 0 }

  /// The table's lines, the header first, without blanks at their ends.
  ///
  /// - Parameter heading: styles the header's line.
  package func lines(heading: (String) -> String = { $0 }) -> [String] {
    let widths = widths
    let isNumeric = header.indices.map { column in
      rows.allSatisfy { Self.isNumber($0[column]) || Self.isBlank($0[column]) }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      var column = 0
      for (cell, (width, toTheRight)) in zip(cells, zip(widths, isNumeric)) {
        let padding = String(repeating: " ", count: width - StyledText.columns(of: cell))
        text += (column == 0 ? "" : "  ") + (toTheRight ? padding + cell : cell + padding)
        column += 1
      }
      while text.last == " " { text.removeLast() }
      return text
    }
    return [heading(line(header))] + rows.map(line)
  }

  /// The lines joined.
  package func text(heading: (String) -> String = { $0 }) -> String {
    lines(heading: heading).joined(separator: "\n")
  }

  private static func isBlank(_ cell: String) -> Bool { cell.isEmpty || cell == "-" }

  /// Whether a cell is a number as `NumberText` writes them, perhaps with a bound's sign before it or
  /// a unit after it.
  private static func isNumber(_ cell: String) -> Bool {
    if ["nan", "inf", "-inf"].contains(cell) { return true }
    return cell.drop { "-+≥>=< ".contains($0) }.first?.isNumber ?? false
  }
}
