/// A block of results: a label and a text on each line, the texts aligned. A text is of one line, whatever
/// was in the file that it is from.
package struct ResultLines {
  private var lines: [(label: String, text: String)] = []

  package init() {}

  package mutating func append(_ label: String, _ text: String) {
    lines.append((label.visible(keepingLines: false), text.visible(keepingLines: false)))
  }

  /// The lines, indented by two spaces; a text that is too long goes on below its beginning. One with a
  /// part too long to stand beside the labels begins below its label.
  package func text(columns: Int) -> String {
    let width = (lines.map(\.label.count).max() ?? 0) + 4
    return lines.map { label, text in
      let indent = text.longestPart > columns - width && text.longestPart <= columns - 4 ? 4 : width
      let gap =
        indent == width
        ? String(repeating: " ", count: width - label.count - 2) : label.isEmpty ? "  " : "\n    "
      return "  " + label + gap
        + text.brokenAtCommas(columns: columns, indent: indent, firstColumn: indent)
    }.joined(separator: "\n")
  }
}
