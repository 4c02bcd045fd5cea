extension Unicode.Scalar {
  /// Whether it would do something other than show a character: control characters, those that reorder
  /// or break lines, and the noncharacters, which are ``TextStyle``'s marks.
  package var isHidden: Bool {
    if (0x20..<0x7F).contains(value) { return false }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return properties.isNoncharacterCodePoint
    }
  }

  /// Whether it is a part of letters in some scripts, and of emoji.
  fileprivate var isJoiner: Bool { self == "\u{200C}" || self == "\u{200D}" }
}

extension String {
  /// The text with `\u{1B}` and the like in place of everything hidden, for a terminal. The marks of
  /// styles stay, and so do the joiners of letters and emoji.
  ///
  /// - Parameter keepingLines: whether line breaks and tabs stay too. A text of one line from outside
  ///   could otherwise begin another one.
  package func visible(keepingLines: Bool) -> String {
    escapingScalars {
      $0.isHidden && !$0.isJoiner && !TextStyle.isMark($0)
        && !(keepingLines && ($0 == "\n" || $0 == "\t"))
    }
  }

  func escapingScalars(where isEscaped: (Unicode.Scalar) -> Bool) -> String {
    // Nearly all texts are as they should be.
    guard unicodeScalars.contains(where: isEscaped) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if isEscaped(scalar) {
        result += scalar.escaped(asASCII: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
