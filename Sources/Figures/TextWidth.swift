import UnrollText

/// How much room text takes in a figure.
enum TextWidth {
  /// The widths of the characters from space to ~ in DejaVu Sans, in hundredths of the font's size.
  /// Most other sans fonts are narrower.
  private static let ascii = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
  ]

  /// The pixels that one line of text takes; of characters beyond ASCII, the most they may take.
  static func pixels(_ text: String, size: Int = 12) -> Double {
    let hundredths = text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar.value {
      case 32..<127: sum + ascii[Int(scalar.value) - 32]
      case ..<0x2E80: sum + 85
      default: sum + 110  // East Asian scripts and pictures
      }
    }
    return Double(hundredths * size) / 100
  }

  /// Text in at most two lines. It breaks between parts (a dot stands between them) where that is
  /// enough, otherwise between words; what is still too long loses its middle.
  static func lines(of text: String, width: Double, size: Int = 12) -> [String] {
    let text = GnuplotText.oneLine(text)
    func fits(_ text: String) -> Bool { pixels(text, size: size) <= width }
    if fits(text) { return [text] }
    for separator in [" · ", " "] {
      let parts = text.components(separatedBy: separator)
      let halves = (1..<parts.count).map { count in
        [parts[..<count], parts[count...]].map { $0.joined(separator: separator) }
      }
      if let lines = halves.last(where: { $0.allSatisfy(fits) }) { return lines }
    }
    return [text.fitted(to: width, size: size)]
  }
}

extension String {
  /// The text on one line, with its middle left out where it is wider than `width` pixels.
  func fitted(to width: Double, size: Int = 12) -> String {
    let text = GnuplotText.oneLine(self)
    // No character is narrower than a quarter of the font's size.
    var limit = min(text.count, Int(4 * width) / size)
    var shown = text.shortened(to: limit)
    while limit > 3, TextWidth.pixels(shown, size: size) > width {
      limit -= 1
      shown = text.shortened(to: limit)
    }
    return shown
  }
}
