import Testing
import UnrollText

/// Text from outside in HTML, and as a word of a shell.
struct MarkupTextTests {
  @Test func markupIsWrittenAsReferences() {
    #expect(
      #"</td><a href="x" b='y'>&amp;"#.markupEscaped
        == "&lt;/td&gt;&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;")
    #expect("rnn/init=σ τ".markupEscaped == "rnn/init=σ τ")
  }

  /// Neither may a browser drop them nor may they reorder the page.
  @Test func controlCharactersAreEscaped() {
    #expect("a\0b\u{202E}c\n".markupEscaped == #"a\0b\u{202E}c\n"#)
  }

  @Test func aWordOfAShellIsQuotedWhereItMustBe() {
    #expect("runs/train-1.5".shellWord == "runs/train-1.5")
    #expect("".shellWord == "''")
    #expect("a b".shellWord == "'a b'")
    #expect("it's $(rm)".shellWord == #"'it'\''s $(rm)'"#)
  }
}
