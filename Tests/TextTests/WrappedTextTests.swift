import Testing

@testable import UnrollText

struct WrappedTextTests {
  @Test func linesBreakBetweenWords() {
    #expect("one two three".wrapped(columns: 7) == "one two\nthree")
    #expect("one two".wrapped(columns: 5, indent: 2) == "  one\n  two")
  }

  /// A Chinese character fills two columns, a line breaks between any two, and none begins with a full stop.
  @Test func chineseBreaksBetweenCharacters() {
    #expect("梯度消失。".wrapped(columns: 6) == "梯度消\n失。")
    #expect("梯度消失。".wrapped(columns: 8) == "梯度消\n失。")
    #expect("梯度 σ′(z) 消失".wrapped(columns: 11) == "梯度 σ′(z)\n消失")
    #expect("abc梯度".wrapped(columns: 5) == "abc梯\n度")
  }

  @Test func tablesGiveChineseTwoColumns() {
    #expect(StyledText.columns(of: "梯度 g") == 6)
    #expect(StyledText.cut("梯度消失", to: 5) == "梯度")
  }
}
