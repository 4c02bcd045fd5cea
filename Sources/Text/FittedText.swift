extension String {
  /// The text with lines of at most `columns`, but for words that are longer. Text that fits is left as
  /// it is.
  ///
  /// Lines of a paragraph are filled anew. A line that begins with blanks, or has a label with two or
  /// more blanks behind it, goes on below its text.
  package func fitted(columns: Int) -> String {
    let lines = split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.contains(where: { StyledText.columns(of: String($0)) > columns }) else {
      return self
    }
    var result: [String] = []
    var paragraph: [Substring] = []
    func endParagraph() {
      guard !paragraph.isEmpty else { return }
      result.append(paragraph.joined(separator: " ").wrapped(columns: columns))
      paragraph = []
    }
    for line in lines {
      let indent = line.textColumn
      if indent == 0, !line.isEmpty {
        paragraph.append(line)
        continue
      }
      endParagraph()
      result.append(
        line.prefix(indent)
          + String(line.dropFirst(indent))
          .wrapped(columns: columns, indent: indent, firstColumn: indent))
    }
    endParagraph()
    return result.joined(separator: "\n")
  }
}

extension Substring {
  /// Where the text of a line begins: behind its blanks, and behind a label with two or more blanks.
  fileprivate var textColumn: Int {
    let blanks = prefix { $0 == " " }.count
    let rest = dropFirst(blanks)
    guard let gap = rest.firstRange(of: "  ") else { return blanks }
    let label = rest[..<gap.lowerBound].count
    let text = rest[gap.lowerBound...]
    return text.allSatisfy { $0 == " " } ? blanks : blanks + label + text.prefix { $0 == " " }.count
  }
}
