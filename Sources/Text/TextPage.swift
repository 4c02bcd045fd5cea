/// Where a report for people is printed: a terminal, or memory in a test.
package protocol TextPage {
  /// Prints text and a line break.
  func print(_ text: String)
  /// `text` in a style, where the page shows styles.
  func styled(_ text: String, _ style: TextStyle) -> String
  /// Whether characters beyond ASCII may be used.
  var hasUnicode: Bool { get }
  /// The page's width.
  var outputColumns: Int { get }
  /// Whether nothing is printed, because a program reads the result as JSON instead.
  var isJSON: Bool { get }
}

extension TextPage {
  /// Prints a line, broken after commas where it is wider than the page.
  ///
  /// - Parameter indent: spaces before each line but the first.
  package func printBroken(_ text: String, indent: Int) {
    let line = text.visible(keepingLines: false)
    print(line.brokenAtCommas(columns: outputColumns, indent: indent))
  }

  /// Prints text broken to the page's width: see `String.fitted(columns:)`.
  package func printFitted(_ text: String) { print(text.fitted(columns: outputColumns)) }

  /// Prints a line in bold, broken to the page's width.
  package func printTitle(_ text: String) {
    let line = text.visible(keepingLines: false)
    print(styled(line.fitted(columns: outputColumns), .bold))
  }

  /// Prints `table` with a heading wherever the rows' `labels` change.
  ///
  /// - Parameter keys: as for ``printTable(_:keys:indent:)``.
  package func printTable(of labels: [String], _ table: TextTable, keys: Int = 1) {
    printParts(of: table, keys: keys, indent: 2) { lines in
      print(lines[0])
      var heading: String?
      for (label, line) in zip(labels, lines.dropFirst()) {
        if label != heading { print(styled(label.visible(keepingLines: false), .bold)) }
        heading = label
        print(line)
      }
    }
  }

  /// Prints `table`. What is wider than the page goes on below.
  ///
  /// - Parameters:
  ///   - keys: the columns that say what a row is, and so stand in each part.
  ///   - indent: spaces before each line.
  package func printTable(_ table: TextTable, keys: Int = 1, indent: Int = 2) {
    printParts(of: table, keys: keys, indent: indent) { lines in
      for line in lines { print(line) }
    }
  }

  private func printParts(
    of table: TextTable, keys: Int, indent: Int, _ printLines: ([String]) -> Void
  ) {
    let margin = String(repeating: " ", count: indent)
    for (index, part) in table.parts(columns: outputColumns - indent, keys: keys).enumerated() {
      if index > 0 { print("") }
      printLines(part.lines { styled($0, .bold) }.map { margin + $0 })
    }
  }
}
