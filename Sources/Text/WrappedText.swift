extension String {
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
      if !isLineEmpty, column + 1 + word.count > columns {
        result += "\n" + margin
        column = indent
        isLineEmpty = true
      }
      if !isLineEmpty {
        result += " "
        column += 1
      }
      result += word.map { $0 == Self.unbreakableSpace ? " " : $0 }
      column += word.count
      isLineEmpty = false
    }
    return result
  }
}
