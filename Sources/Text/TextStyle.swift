/// How a terminal shows a piece of text, as an ANSI SGR parameter.
///
/// Within the program a style is a pair of marks around the text, which only the terminal turns into escape
/// sequences. So every escape character that reaches it in a text comes from outside, and is shown as one.
package enum TextStyle: String, Sendable, CaseIterable {
  case bold = "1"
  case dim = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"

  package func applied(to text: String) -> String { "\(mark)\(text)\(Self.end)" }

  private var mark: Character {
    Self.mark(1 + (Self.allCases.firstIndex(of: self) ?? 0))
  }

  /// The end of a style.
  fileprivate static let end = mark(0)

  /// The first of the noncharacters that Unicode leaves to programs for such uses.
  private static let firstMark: UInt32 = 0xFDD0

  private static func mark(_ index: Int) -> Character {
    Unicode.Scalar(firstMark + UInt32(index)).map(Character.init) ?? " "
  }

  /// Whether it begins or ends a style.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    (firstMark...firstMark + UInt32(allCases.count)).contains(scalar.value)
  }

  /// The escape sequence in place of a mark; nil for another scalar.
  fileprivate static func sequence(of scalar: Unicode.Scalar) -> String? {
    guard isMark(scalar) else { return nil }
    let index = Int(scalar.value - firstMark)
    return "\u{1B}[\(index == 0 ? "0" : allCases[index - 1].rawValue)m"
  }
}

/// Text with the marks of styles as a terminal lays it out.
package enum StyledText {
  /// The columns `text` fills; marks fill none.
  package static func columns(of text: String) -> Int { text.reduce(0) { $0 + $1.columns } }

  /// `text` cut so that it fills at most `columns`; styles are switched off after the cut.
  package static func cut(_ text: String, to columns: Int) -> String {
    var kept = ""
    var count = 0
    var isStyled = false
    for character in text {
      if character.isStyleMark {
        isStyled = true
      } else if count + character.columns > columns {
        if isStyled { kept.append(TextStyle.end) }
        return kept
      }
      count += character.columns
      kept.append(character)
    }
    return kept
  }

  /// The text with the escape sequences of its styles.
  package static func withSequences(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: TextStyle.isMark) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      if let sequence = TextStyle.sequence(of: scalar) {
        result += sequence
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  /// The text for what shows no styles: marks in it are not the program's own.
  package static func withoutStyles(_ text: String) -> String {
    text.escapingScalars(where: TextStyle.isMark)
  }
}

extension Character {
  /// Whether it begins or ends a style.
  var isStyleMark: Bool { unicodeScalars.first.map(TextStyle.isMark) ?? false }
}
