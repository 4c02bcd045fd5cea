import Testing
import UnrollText

struct EscapedTextTests {
  @Test func controlCharactersAreEscaped() {
    let line = "a\r\nb\u{1B}\u{2028}\u{202E}é".oneLine(limit: 100)
    #expect(line == #"a\r\nb\u{1B}\u{2028}\u{202E}é"#)
  }

  @Test func longTextsAreCut() {
    #expect("abcdef".oneLine(limit: 3) == "abc…")
    #expect("abc".oneLine(limit: 3) == "abc")
    let value = String(repeating: "9", count: 1_000_000).shown
    #expect(value.count == 81)
  }
}
