import Testing

@testable import UnrollText

@Suite struct VisibleTextTests {
  private static let mark = Unicode.Scalar(0xFDD2).map { String($0) } ?? ""

  @Test func whatATerminalWouldActOnIsShown() {
    let text = "a\u{1B}[2J\u{9B}m\u{7}\r\u{7F}\u{202E}\u{2028}\u{FEFF}z"
    #expect(
      text.visible(keepingLines: true)
        == #"a\u{1B}[2J\u{009B}m\u{07}\r\u{7F}\u{202E}\u{2028}\u{FEFF}z"#)
  }

  @Test func lineBreaksAndTabsStayWhereTheyMay() {
    #expect("a\tb\nc".visible(keepingLines: true) == "a\tb\nc")
    #expect("a\tb\nc".visible(keepingLines: false) == #"a\tb\nc"#)
    // One Character of two scalars.
    #expect("a\r\nb".visible(keepingLines: true) == "a\\r\nb")
  }

  @Test func lettersStay() {
    for text in ["plain", "η ≤ 10⁻⁵", "梯度消失", "👩‍👩‍👧", "می‌خواهم", "é"] {
      #expect(text.visible(keepingLines: false) == text)
    }
  }

  @Test func stylesBecomeSequencesAtTheEndAlone() {
    let text = TextStyle.green.applied(to: "yes\u{1B}[0m")
    #expect(!text.visible(keepingLines: true).contains("\u{1B}"))
    #expect(
      StyledText.withSequences(text.visible(keepingLines: true))
        == "\u{1B}[32myes" + #"\u{1B}[0m"# + "\u{1B}[0m")
  }

  @Test func marksFromOutsideGiveNoStyle() {
    #expect("a\(Self.mark)b".escaped == #"a\u{FDD2}b"#)
    #expect("a\(Self.mark)b".quoted == #"'a\u{FDD2}b'"#)
    #expect(StyledText.withoutStyles("a\(Self.mark)b") == #"a\u{FDD2}b"#)
  }

  @Test func cellsAndResultsAreOfOneLine() {
    var table = TextTable("name\n", "x")
    table.append(["a\nb", "1"])
    #expect(table.lines().count == 2 && table.text().contains(#"a\nb"#))
    var lines = ResultLines()
    lines.append("files", "a\nforged  line")
    #expect(lines.text(columns: 80) == #"  files  a\nforged  line"#)
  }
}
