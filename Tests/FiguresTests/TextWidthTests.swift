import Testing

@testable import UnrollFigures

@Suite struct TextWidthTests {
  /// As gnuplot draws it in DejaVu Sans, from the left edge of the n to the right edge of the 0.
  @Test func pixelsAreThoseOfTheFont() {
    #expect(abs(TextWidth.pixels("norm:100") - 59) < 1)
    #expect(TextWidth.pixels("iiii") < TextWidth.pixels("mm"))
    #expect(TextWidth.pixels("half", size: 24) == 2 * TextWidth.pixels("half", size: 12))
  }

  @Test(arguments: [40.0, 300, 860]) func aLongTextLosesItsMiddle(width: Double) {
    let text = "the beginning " + String(repeating: "and so on ", count: 40) + "the end"
    let shown = text.fitted(to: width)
    #expect(TextWidth.pixels(shown) <= width && TextWidth.pixels(shown) > width - 16)
    #expect(shown.first == "t" && shown.last == "d" && shown.contains("…"))
    #expect("short".fitted(to: width) == "short")
  }

  @Test func aLongSubtitleTakesTwoLines() {
    let settings = "adding, T = 100, H = 128, B = 20   ·   loss at: last step"
    #expect(TextWidth.lines(of: settings, width: 860).count == 1)
    let note = String(repeating: "word ", count: 20) + "end"
    // Between parts, then between words, then cut.
    #expect(
      TextWidth.lines(of: "\(settings)   ·   \(note)", width: 700)
        == ["adding, T = 100, H = 128, B = 20 · loss at: last step", note])
    let words = TextWidth.lines(of: note + " " + note, width: 750)
    #expect(words.count == 2 && words.joined(separator: " ") == note + " " + note)
    let cut = TextWidth.lines(of: String(repeating: "x", count: 900), width: 700)
    #expect(cut.count == 1 && cut[0].contains("…") && TextWidth.pixels(cut[0]) <= 700)
  }
}
