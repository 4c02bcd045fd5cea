import Testing

@testable import UnrollText

/// Lines that are too wide go on below, after a comma or semicolon.
struct BrokenLinesTests {
  @Test func linesBreakAfterCommas() {
    let text = "T 10, B 20; H 128, /a path/with blanks, end"
    #expect(text.brokenAtCommas(columns: 80, indent: 2) == text)
    #expect(
      text.brokenAtCommas(columns: 20, indent: 2)
        == "T 10, B 20; H 128,\n  /a path/with blanks,\n  end")
    #expect(
      text.brokenAtCommas(columns: 10, indent: 1, firstColumn: 5)
        == "T 10,\n B 20;\n H 128,\n /a path/with blanks,\n end")
    #expect("".brokenAtCommas(columns: 10, indent: 1) == "")
  }

  /// Escape sequences fill no columns, and a line may be full.
  @Test func stylesHaveNoWidth() {
    let styled = TextStyle.bold.applied(to: "loss") + " 0.5, 12% right"
    #expect(styled.brokenAtCommas(columns: 19, indent: 2) == styled)
    #expect(styled.brokenAtCommas(columns: 18, indent: 2).contains(",\n  12%"))
  }

  @Test func commandsBreakBetweenWords() {
    let line = "unroll decay --cells rnn,lstm --steps 8"
    #expect(line.commandLines(columns: 39) == line)
    #expect(line.commandLines(columns: 38) == "unroll decay --cells rnn,lstm \\\n    --steps 8")
    #expect(
      line.commandLines(columns: 24, indent: 2)
        == "unroll decay \\\n      --cells rnn,lstm \\\n      --steps 8")
    // Two columns are left for the sign.
    #expect("a bcd ef".commandLines(columns: 6) == "a \\\n    bcd \\\n    ef")
    #expect("a bcd ef".commandLines(columns: 7) == "a bcd \\\n    ef")
  }

  @Test func resultsGoOnBelowTheirBeginning() {
    var lines = ResultLines()
    lines.append("loss", "2.197; baseline 2.195, 17% right")
    lines.append("gradient norm", "0.1")
    #expect(
      lines.text(columns: 80) == "  loss           2.197; baseline 2.195, 17% right\n"
        + "  gradient norm  0.1")
    #expect(
      lines.text(columns: 40) == "  loss           2.197; baseline 2.195,\n"
        + "                 17% right\n  gradient norm  0.1")
  }

  @Test func columnsOfATableCanBeLeftOut() {
    var table = TextTable("path", "interval", "verdict")
    table.append(["h", "0.5–0.6", "flat"])
    #expect(table.columns == 23)
    #expect(table.without(["interval"]).lines() == ["path  verdict", "h     flat"])
  }
}
