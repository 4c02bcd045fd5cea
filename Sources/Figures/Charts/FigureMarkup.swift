import UnrollText

/// gnuplot's markup of our own titles and labels (`h_{T−k}`, `10^{−5}`, `g_K`) for other readers.
enum FigureMarkup {
  private enum Part {
    case plain(String)
    case lowered(String)
    case raised(String)
  }

  private static func parts(_ markup: String) -> [Part] {
    var (parts, plain): ([Part], String) = ([], "")
    var rest = markup[...]
    while let character = rest.popFirst() {
      guard character == "_" || character == "^", let next = rest.first else {
        plain.append(character)
        continue
      }
      var text = String(next)
      rest.removeFirst()
      if next == "{" {
        let end = rest.firstIndex(of: "}") ?? rest.endIndex
        text = String(rest[..<end])
        rest = rest[end...].dropFirst()
      }
      parts += [.plain(plain), character == "_" ? .lowered(text) : .raised(text)]
      plain = ""
    }
    return parts + [.plain(plain)]
  }

  /// The text in Unicode: raised digits as such, other parts in line with the rest.
  static func plain(_ markup: String) -> String {
    parts(doubledBars(markup)).map { part in
      switch part {
      case .plain(let text): text
      case .lowered(let text): "_" + text
      case .raised(let text): superscript(text) ?? "^" + text
      }
    }.joined()
  }

  /// The text as the content of an SVG `text` element.
  static func svg(_ markup: String) -> String {
    parts(doubledBars(markup)).map { part in
      switch part {
      case .plain(let text): text.markupEscaped
      case .lowered(let text): shifted(text, by: 4)
      case .raised(let text): superscript(text) ?? shifted(text, by: -4)
      }
    }.joined()
  }

  /// `dy` instead of `baseline-shift`, which not all browsers have.
  private static func shifted(_ text: String, by shift: Int) -> String {
    "<tspan dy=\"\(shift)\" font-size=\"80%\">\(text.markupEscaped)</tspan>"
      + "<tspan dy=\"\(-shift)\">\u{200B}</tspan>"
  }

  private static func superscript(_ text: String) -> String? {
    let raised: [Character: Character] = [
      "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
      "9": "⁹", "−": "⁻", "-": "⁻",
    ]
    let characters = text.compactMap { raised[$0] }
    return characters.count == text.count ? String(characters) : nil
  }

  /// gnuplot's fonts may lack the sign for a norm; browsers' have it.
  private static func doubledBars(_ markup: String) -> String {
    markup.replacing("||", with: "‖")
  }
}
