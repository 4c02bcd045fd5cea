/// How a terminal shows a piece of text, as an ANSI SGR parameter.
package enum TextStyle: String, Sendable {
  case bold = "1"
  case dim = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"

  package func applied(to text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}

/// Text with escape sequences as a terminal lays it out.
package enum StyledText {
  /// The columns `text` fills; escape sequences fill none.
  package static func columns(of text: String) -> Int {
    var count = 0
    scan(text) { character, isVisible in
      if isVisible { count += character.columns }
      return true
    }
    return count
  }

  /// `text` cut so that it fills at most `columns`; styles are switched off after the cut.
  package static func cut(_ text: String, to columns: Int) -> String {
    var kept = ""
    var count = 0
    var isStyled = false
    var isCut = false
    scan(text) { character, isVisible in
      if isVisible {
        guard count + character.columns <= columns else {
          isCut = true
          return false
        }
        count += character.columns
      } else {
        isStyled = true
      }
      kept.append(character)
      return true
    }
    return isCut && isStyled ? kept + "\u{1B}[0m" : kept
  }

  /// Visits the characters until `visit` answers false, telling those of escape sequences (ESC,
  /// then up to a letter) from visible ones.
  private static func scan(_ text: String, _ visit: (Character, _ isVisible: Bool) -> Bool) {
    var isInEscape = false
    for character in text {
      if character == "\u{1B}" { isInEscape = true }
      guard visit(character, !isInEscape) else { return }
      if isInEscape, character.isLetter { isInEscape = false }
    }
  }
}
