import Testing

@testable import UnrollCommands

struct ErrorMessageTests {
  @Test func controlCharactersAreEscaped() {
    let line = ErrorMessage.oneLine("a\r\nb\u{1B}\u{2028}\u{202E}é", limit: 100)
    #expect(line == #"a\r\nb\u{1B}\u{2028}\u{202E}é"#)
  }

  @Test func longTextsAreCut() {
    #expect(ErrorMessage.oneLine("abcdef", limit: 3) == "abc…")
    #expect(ErrorMessage.oneLine("abc", limit: 3) == "abc")
    let value = ErrorMessage.shown(String(repeating: "9", count: 1_000_000))
    #expect(value.count == 81)
  }
}
