import Testing

@testable import UnrollText

/// Text and tables on a page that is narrower than they are.
struct FittedTextTests {
  @Test func whatFitsIsLeftAlone() {
    let text = "loss     at the end\n\n  two  blanks\nshort\nlines"
    #expect(text.fitted(columns: 19) == text)
  }

  @Test func labelsKeepTheirColumn() {
    #expect(
      "loss     at the end, median\nnorm     a".fitted(columns: 16)
        == "loss     at the\n         end,\n         median\nnorm     a")
    #expect("  CPU  one two three".fitted(columns: 14) == "  CPU  one two\n       three")
    #expect("  one two three".fitted(columns: 9) == "  one two\n  three")
  }

  @Test func paragraphsAreFilledAnew() {
    #expect(
      "one two three\nfour five\n\nsix".fitted(columns: 10) == "one two\nthree four\nfive\n\nsix")
    #expect("\na b c".fitted(columns: 3) == "\na b\nc")
  }

  private var table: TextTable {
    var table = TextTable("key", "first", "second", "third")
    table.append(["a", "1", "2.5", "text"])
    table.append(["b", "10", "-", "t"])
    return table
  }

  @Test func aTableGoesOnBelow() {
    #expect(table.parts(columns: 25).map { $0.lines() } == [table.lines()])
    #expect(table.columns == 25)
    #expect(
      table.parts(columns: 18).map { $0.text() } == [
        "key  first  second\na        1     2.5\nb       10       -",
        "key  third\na    text\nb    t",
      ])
    #expect(
      table.parts(columns: 18, keys: 2).map(\.header) == [
        ["key", "first", "second"], ["key", "first", "third"],
      ])
    // Where nothing fits beside the keys, one column stands there all the same.
    #expect(table.parts(columns: 1).count == 3)
  }

  /// Every cell is printed, each below its heading.
  @Test func aPageHasEveryPart() {
    let page = NarrowPage(outputColumns: 14)
    page.printTable(of: ["one", "two"], table)
    #expect(
      page.lines == [
        "  key  first", "one", "  a        1", "two", "  b       10", "", "  key  second", "one",
        "  a       2.5", "two", "  b         -", "", "  key  third", "one", "  a    text", "two",
        "  b    t",
      ])
  }

  /// A text with a part that is too long to stand beside the labels begins below its own.
  @Test func resultsBeginBelowTheirLabels() {
    var lines = ResultLines()
    lines.append("a long label", "0.1; ten columns, 2")
    lines.append("b", "1, 2")
    #expect(
      lines.text(columns: 24)
        == "  a long label\n    0.1; ten columns, 2\n  b             1, 2")
    #expect(
      lines.text(columns: 28)
        == "  a long label  0.1;\n                ten columns,\n                2\n"
        + "  b             1, 2")
  }

  /// A line without a label leaves none empty above it.
  @Test func aResultWithoutALabelBeginsItsLine() {
    var lines = ResultLines()
    lines.append("a long label", "1")
    lines.append("", "0.1; ten columns, 2")
    #expect(lines.text(columns: 24) == "  a long label  1\n    0.1; ten columns, 2")
    #expect(
      lines.text(columns: 40) == "  a long label  1\n                0.1; ten columns, 2")
  }
}

private final class NarrowPage: TextPage {
  var lines: [String] = []
  let outputColumns: Int
  let hasUnicode = true
  let isJSON = false

  init(outputColumns: Int) { self.outputColumns = outputColumns }

  func print(_ text: String) { lines.append(text) }
  func styled(_ text: String, _ style: TextStyle) -> String { text }
}
