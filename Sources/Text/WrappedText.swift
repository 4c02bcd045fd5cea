extension String {
  /// The text broken after commas and semicolons into lines of at most `columns`, but for parts that are
  /// longer: a path, or a specification, stays in one piece.
  ///
  /// - Parameters:
  ///   - indent: spaces before each line but the first.
  ///   - firstColumn: where the first line starts.
  package func brokenAtCommas(columns: Int, indent: Int, firstColumn: Int = 0) -> String {
    var result = ""
    var column = firstColumn
    for part in partsAfterCommas {
      let width = StyledText.columns(of: part.trimmingEnd)
      if !result.isEmpty, column + width > columns {
        result = result.trimmingEnd + "\n" + String(repeating: " ", count: indent)
        column = indent
      }
      result += part
      column += StyledText.columns(of: part)
    }
    return result
  }

  /// The columns of the longest part that ``brokenAtCommas(columns:indent:firstColumn:)`` keeps in one
  /// piece.
  package var longestPart: Int {
    partsAfterCommas.map { StyledText.columns(of: $0.trimmingEnd) }.max() ?? 0
  }

  /// The text in parts that end with a comma or semicolon and the space behind it.
  private var partsAfterCommas: [String] {
    var parts = [""]
    var last: Character = " "
    for character in self {
      parts[parts.count - 1].append(character)
      if character == " ", last == "," || last == ";" { parts.append("") }
      last = character
    }
    return parts
  }

  private var trimmingEnd: String {
    hasSuffix(" ") ? String(dropLast()) : self
  }

  /// A command line broken between its words into lines of at most `columns` that a shell reads as one.
  /// An option and its value stay together.
  ///
  /// - Parameter indent: where the first line starts; the others are indented by four more.
  package func commandLines(columns: Int, indent: Int = 0) -> String {
    var parts: [String] = []
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      if let last = parts.last, last.hasPrefix("--"), !last.contains(" "), !word.hasPrefix("--") {
        parts[parts.count - 1] += " " + word
      } else {
        parts.append(String(word))
      }
    }
    var result = parts.first ?? ""
    var column = indent + result.count
    for (index, part) in parts.enumerated().dropFirst() {
      // Two columns stay free for the sign that the line goes on.
      let sign = index == parts.count - 1 ? 0 : 2
      if column + 1 + part.count + sign > columns {
        result += " \\\n" + String(repeating: " ", count: indent + 4) + part
        column = indent + 4 + part.count
      } else {
        result += " " + part
        column += 1 + part.count
      }
    }
    return result
  }

  /// A space at which ``wrapped(columns:indent:firstColumn:)`` does not break a line.
  package static let unbreakableSpace: Character = "\u{A0}"

  /// The text broken between words into lines of at most `columns`, but for words that are longer.
  ///
  /// - Parameters:
  ///   - indent: spaces before each line.
  ///   - firstColumn: where the first line starts instead, with nothing put before it.
  package func wrapped(columns: Int = 79, indent: Int = 0, firstColumn: Int? = nil) -> String {
    let margin = String(repeating: " ", count: indent)
    var result = firstColumn == nil ? margin : ""
    var column = firstColumn ?? indent
    var isLineEmpty = true
    for word in split(whereSeparator: { $0 == " " || $0.isNewline }) {
      var gap = isLineEmpty ? 0 : 1
      for piece in word.unbreakablePieces {
        let width = piece.reduce(0) { $0 + $1.columns }
        if !isLineEmpty, column + gap + width > columns {
          result += "\n" + margin
          (column, gap) = (indent, 0)
        }
        result += gap == 0 ? "" : " "
        result += piece.map { $0 == Self.unbreakableSpace ? " " : $0 }
        column += gap + width
        (gap, isLineEmpty) = (0, false)
      }
    }
    return result
  }
}

extension Substring {
  /// The word in pieces between which a line may break: East Asian characters of full width, each with the
  /// punctuation behind it, and what stands between them.
  fileprivate var unbreakablePieces: [Substring] {
    guard contains(where: \.isWide) else { return [self] }
    var pieces: [Substring] = []
    var start = startIndex
    for place in indices.dropFirst() {
      let (last, next) = (self[index(before: place)], self[place])
      if last.isWide || next.isWide, !next.staysBehind {
        pieces.append(self[start..<place])
        start = place
      }
    }
    return pieces + [self[start...]]
  }
}
