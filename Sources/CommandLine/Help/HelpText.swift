import UnrollText

/// Writes help from the tables of commands and options.
package struct HelpText {
  /// Columns a line may fill.
  package let width: Int
  package let heading: (String) -> String

  package init(width: Int, heading: @escaping (String) -> String = { $0 }) {
    self.width = width
    self.heading = heading
  }

  /// Help for stdout: as wide as the terminal, but no wider than is pleasant to read.
  package init(terminal: Terminal) {
    self.init(width: min(80, max(40, terminal.outputColumns))) { terminal.styled($0, .bold) }
  }

  // MARK: Pages

  /// The list of commands.
  package func overview(of table: CommandTable) -> String {
    let rows = table.commands.map { ($0.usage, $0.summary) }
    return [
      wrapped(table.purpose),
      heading("usage") + "\n  unroll <command> [options]\n  unroll --version",
      heading("commands") + "\n" + columns(rows, left: leftWidth(rows)),
      wrapped("`unroll help <command>` shows every option of a command with its default."),
      wrapped(
        "Exit status: "
          + ExitStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: ", ") + "."
      ),
    ].joined(separator: "\n\n")
  }

  /// One command's page.
  package func page(for command: Command) -> String {
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

    let groups = command.rowsByGroup.map { (title: $0.title, rows: $0.rows.map(row)) }
    let left = leftWidth(groups.flatMap(\.rows))
    for group in groups {
      sections.append(heading(group.title) + "\n" + columns(group.rows, left: left))
    }

    if !command.examples.isEmpty {
      let examples = command.examples.map {
        "  " + $0.line.commandLines(columns: width, indent: 2) + "\n"
          + wrapped($0.explanation, indent: 6)
      }
      sections.append(heading("examples") + "\n" + examples.joined(separator: "\n"))
    }
    return sections.joined(separator: "\n\n")
  }

  // MARK: Rows

  private func row(_ spec: OptionSpec) -> (String, String) {
    let shown = spec.defaultValue.shown.map { " " + unbroken("(default: \($0))") }
    return (spec.usage, spec.summaryWithChoices + (shown ?? ""))
  }

  /// `text` with spaces at which `wrapped` does not break it.
  private func unbroken(_ text: String) -> String {
    text.count <= width / 2 ? String(text.map { $0 == " " ? String.unbreakableSpace : $0 }) : text
  }

  /// The width of the column of names: that of the longest name that leaves two thirds of the line to
  /// the texts.
  private func leftWidth(_ rows: [(String, String)]) -> Int {
    rows.map(\.0.count).filter { $0 <= width / 3 }.max() ?? 0
  }

  /// Two columns: a name, and its text wrapped beside it; below it where the name is too long.
  package func columns(_ rows: [(String, String)], left: Int) -> String {
    let indent = left + 4
    return rows.map { name, text in
      if name.count <= left {
        let padding = String(repeating: " ", count: left - name.count + 2)
        return "  " + name + padding + wrapped(text, indent: indent, firstColumn: indent)
      }
      return "  " + name + "\n" + wrapped(text, indent: indent)
    }.joined(separator: "\n")
  }

  private func wrapped(_ text: String, indent: Int = 0, firstColumn: Int? = nil) -> String {
    text.wrapped(columns: width, indent: indent, firstColumn: firstColumn)
  }
}
