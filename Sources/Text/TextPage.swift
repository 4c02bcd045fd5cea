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
    print(text.brokenAtCommas(columns: outputColumns, indent: indent))
  }

  /// Prints `table` with a heading wherever the rows' `labels` change.
  package func printTable(of labels: [String], _ table: TextTable) {
    let lines = table.lines { styled($0, .bold) }
    print("  " + lines[0])
    var heading: String?
    for (label, line) in zip(labels, lines.dropFirst()) {
      if label != heading { print(styled(label, .bold)) }
      heading = label
      print("  " + line)
    }
  }
}
