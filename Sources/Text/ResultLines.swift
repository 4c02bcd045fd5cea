/// A block of results: a label and a text on each line, the texts aligned.
package struct ResultLines {
  private var lines: [(label: String, text: String)] = []

  package init() {}

  package mutating func append(_ label: String, _ text: String) { lines.append((label, text)) }

  /// The lines, indented by two spaces; a text that is too long goes on below its beginning.
  package func text(columns: Int) -> String {
    let width = (lines.map(\.label.count).max() ?? 0) + 4
    return lines.map { label, text in
      "  " + label + String(repeating: " ", count: width - label.count - 2)
        + text.brokenAtCommas(columns: columns, indent: width, firstColumn: width)
    }.joined(separator: "\n")
  }
}
