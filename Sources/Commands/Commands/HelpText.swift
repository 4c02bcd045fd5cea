/// Writes help from the tables of commands and options.
struct HelpText {
  /// Columns a line may fill.
  let width: Int
  let heading: (String) -> String

  init(width: Int, heading: @escaping (String) -> String = { $0 }) {
    self.width = width
    self.heading = heading
  }

  /// Help for stdout: as wide as the terminal, but no wider than is pleasant to read.
  init(terminal: Terminal) {
    self.init(width: min(80, max(40, terminal.outputColumns))) { terminal.styled($0, .bold) }
  }

  // MARK: Pages

  /// The list of commands.
  func overview(of table: CommandTable) -> String {
    let rows = table.commands.map { ($0.usage, $0.summary) }
    return [
      wrapped(
        "unroll trains recurrent networks and shows what happens to the gradient on its way back "
          + "through time."),
      heading("usage") + "\n  unroll <command> [options]\n  unroll --version",
      heading("commands") + "\n" + columns(rows, left: leftWidth(rows)),
      wrapped("`unroll help <command>` shows every option of a command with its default."),
      wrapped(
        "Exit status: 0 done, 1 could not be done, 2 wrong usage, 3 training became non-finite, "
          + "130 interrupted, after saving."),
    ].joined(separator: "\n\n")
  }

  /// One command's page.
  func page(for command: Command) -> String {
    let title = "unroll \(command.name)"
    var sections = [
      heading(title) + ": " + wrapped(command.summary, firstColumn: title.count + 2)
    ]
    sections.append(
      heading("usage") + "\n  unroll \(command.usage)"
        + (command.options.isEmpty ? "" : " [options]"))
    if !command.discussion.isEmpty {
      sections += command.discussion.split(separator: "\n\n").map { wrapped(String($0)) }
    }

    let groups: [(title: String, rows: [(String, String)])] =
      [("arguments", command.arguments.map(row))]
      + OptionGroup.allCases.map { group in
        (group.rawValue, command.options.filter { $0.group == group }.map(row))
      }
    let left = leftWidth(groups.flatMap(\.rows))
    for group in groups where !group.rows.isEmpty {
      sections.append(heading(group.title) + "\n" + columns(group.rows, left: left))
    }

    if !command.examples.isEmpty {
      let examples = command.examples.map {
        "  \($0.line)\n" + wrapped($0.explanation, indent: 6)
      }
      sections.append(heading("examples") + "\n" + examples.joined(separator: "\n"))
    }
    return sections.joined(separator: "\n\n")
  }

  // MARK: Rows

  private func row(_ spec: OptionSpec) -> (String, String) {
    var text = spec.summary
    if case .choice(let names) = spec.kind, !spec.placeholder.contains("|") {
      text += ": " + names.joined(separator: ", ")
    }
    switch spec.defaultValue {
    case .none: break
    case .value(let value, let shown): text += " " + unbroken("(default: \(shown ?? value))")
    case .described(let words): text += " " + unbroken("(default: \(words))")
    }
    return (spec.usage, text)
  }

  /// `text` with spaces at which `wrapped` does not break it.
  private func unbroken(_ text: String) -> String {
    text.count <= width / 2 ? String(text.map { $0 == " " ? Self.unbreakableSpace : $0 }) : text
  }

  private static let unbreakableSpace: Character = "\u{A0}"

  /// Columns for the names: as many as the longest needs that leaves two thirds to the texts.
  private func leftWidth(_ rows: [(String, String)]) -> Int {
    rows.map(\.0.count).filter { $0 <= width / 3 }.max() ?? 0
  }

  /// Two columns: a name, and its text wrapped beside it; below it where the name is too long.
  func columns(_ rows: [(String, String)], left: Int) -> String {
    let indent = left + 4
    return rows.map { name, text in
      if name.count <= left {
        let padding = String(repeating: " ", count: left - name.count + 2)
        return "  " + name + padding + wrapped(text, indent: indent, firstColumn: indent)
      }
      return "  " + name + "\n" + wrapped(text, indent: indent)
    }.joined(separator: "\n")
  }

  /// `text` broken between words; every line but the first is indented, the first one starts at
  /// `firstColumn`, or is indented as well when that is nil.
  private func wrapped(_ text: String, indent: Int = 0, firstColumn: Int? = nil) -> String {
    let margin = String(repeating: " ", count: indent)
    var result = firstColumn == nil ? margin : ""
    var column = firstColumn ?? indent
    var isLineEmpty = true
    for word in text.split(whereSeparator: { $0 == " " || $0.isNewline }) {
      if !isLineEmpty, column + 1 + word.count > width {
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
