import UnrollFileFormats
import UnrollText

/// A table of a page, whose rows a script sorts.
struct PageTable {
  /// A page shows no more rows of a table than this.
  static let mostRows = 1000

  /// Longer texts are broken into lines.
  private static let mostOnALine = 32

  /// Columns that most often have one value for all rows, which then stands below the table.
  private static let shared: Set<String> = ["version", "kernels", "cpu", "data_hash"]

  /// Columns of names, which are texts though some are of digits alone.
  private static let names: Set<String> = ["run", "data_hash"]

  let title: String
  let columns: [String]
  let rows: [[String]]
  private let notes: [String]

  /// - Parameters:
  ///   - title: what the rows are.
  ///   - columns: the names of the columns. Those that are blank in all rows are left out.
  ///   - rows: their fields as they stand in the file.
  ///   - file: where the rest of a long table is.
  init(_ title: String, columns: [String], rows: [[String]], file: String? = nil) {
    self.title = title
    var notes: [String] = []
    if rows.count > Self.mostRows {
      notes.append(
        "The first \(NumberText.count(Self.mostRows)) of \(NumberText.count(rows.count)) rows"
          + (file.map { "; \($0) has all of them." } ?? "."))
    }
    var shown: [Int] = []
    var common: [String] = []
    for (place, column) in columns.enumerated() {
      let values = Set(rows.map { $0[place] })
      if values.isSubset(of: [""]) { continue }
      if rows.count > 1, values.count == 1, Self.shared.contains(column) {
        common.append("\(column) \(rows[0][place])")
      } else {
        shown.append(place)
      }
    }
    if !common.isEmpty {
      notes.append("The same in all rows: \(common.joined(separator: ", ")).")
    }
    self.notes = notes
    self.columns = shown.map { columns[$0] }
    self.rows = rows.prefix(Self.mostRows).map { row in shown.map { row[$0] } }
  }

  /// The rows of a file.
  init(_ title: String, _ table: CSVTable, file: String) {
    self.init(title, columns: table.columnNames, rows: table.rows, file: file)
  }

  /// A table of JSON objects: what is no plain value in them is left out.
  init?(_ title: String, objects: [JSONValue]) {
    let members = objects.compactMap(\.object)
    guard !members.isEmpty, members.count == objects.count else { return nil }
    let keys = members.flatMap(\.keys).distinct
    let rows = members.map { object in keys.map { object[$0].flatMap(Self.text) ?? "" } }
    self.init(title, columns: keys, rows: rows)
    if columns.isEmpty { return nil }
  }

  /// A plain value, or a few between commas, as text; nil for what has parts.
  static func text(_ value: JSONValue) -> String? {
    switch value {
    case .null: ""
    case .bool(let value): value ? "yes" : "no"
    case .integer(let value): String(value)
    case .number(let value): value.plainText
    case .string(let value): value
    case .array(let values):
      values.count <= 8 && !values.isEmpty
        && values.allSatisfy { $0.array == nil && $0.object == nil }
        ? values.compactMap(text).joined(separator: ", ") : nil
    case .object: nil
    }
  }

  var html: String {
    let head = columns.enumerated().map { place, column in
      let isNumeric = rows.allSatisfy {
        $0[place].isEmpty || numbers(in: column, $0[place]) != nil
      }
      return "<th scope=\"col\"\(isNumeric ? " class=\"n\"" : "")>"
        + "<button type=\"button\">\(column.markupEscaped)</button></th>"
    }.joined()
    let body = rows.map { row in "<tr>\(zip(columns, row).map(cell).joined())</tr>" }
    let foot = notes.map { "<p class=\"note\">\($0.markupEscaped)</p>" }.joined()
    return """
      <details class="table" open><summary>\(title.markupEscaped) \
      <small>\(NumberText.count(rows.count, "row"))</small></summary>
      <div class="scroll" tabindex="0" role="region" aria-label="\(title.markupEscaped)"><table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody></table></div>\(foot)</details>
      """
  }

  private func numbers(in column: String, _ text: String) -> PageNumbers? {
    Self.names.contains(column) ? nil : PageNumbers(text)
  }

  private func cell(_ column: String, _ text: String) -> String {
    guard let numbers = numbers(in: column, text) else {
      let isLong = text.count > Self.mostOnALine
      return "<td\(isLong ? " class=\"long\"" : "")>\(text.markupEscaped)</td>"
    }
    let attributes = numbers.isShortened ? " " + numbers.attributes : ""
    return "<td class=\"n\"\(attributes)>\(numbers.short)</td>"
  }
}

extension CSVField {
  /// The field as a reader of the file gets it, without quotes.
  var plain: String { if case .text(let text) = self { text } else { encoded } }
}
