/// What a terminal shows after `text` was written to it, as far as this program moves the cursor:
/// line breaks, carriage returns, cursor up, and erasing to the end of the line or the screen.
/// Other escape sequences are reported by a failure to parse.
package struct Screen {
  package private(set) var lines: [[Character]] = [[]]
  private var row = 0
  private var column = 0
  package private(set) var unknownSequences: [String] = []

  package init(_ text: String) {
    // Scalars, because a carriage return and a line break make one Character.
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": column = 0
      case "\n": startLine()
      case "\u{1B}":
        let sequence = rest.prefix { !$0.properties.isAlphabetic }
        rest = rest.dropFirst(sequence.count)
        escape(String(sequence.dropFirst()), rest.popFirst())
      default: put(Character(scalar))
      }
    }
  }

  /// The lines without blanks at their ends, up to the last that is not empty.
  package var text: String {
    var trimmed = lines.map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
    while trimmed.last == "" { trimmed.removeLast() }
    return trimmed.joined(separator: "\n")
  }

  private mutating func startLine() {
    row += 1
    column = 0
    if row == lines.count { lines.append([]) }
  }

  private mutating func put(_ character: Character) {
    while lines[row].count <= column { lines[row].append(" ") }
    lines[row][column] = character
    column += 1
  }

  private mutating func escape(_ parameter: String, _ final: Unicode.Scalar?) {
    switch final {
    case "A": row = max(0, row - (Int(parameter) ?? 1))
    case "K": lines[row] = Array(lines[row].prefix(column))
    case "J":
      lines[row] = Array(lines[row].prefix(column))
      lines.removeSubrange((row + 1)...)
    case "m": break
    default: unknownSequences.append("\(parameter)\(final.map(String.init) ?? "")")
    }
  }
}
