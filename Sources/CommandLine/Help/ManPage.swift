/// The manual page of section 1, in roff with the macros of man(7), from the tables that help is made
/// of.
package struct ManPage {
  private let table: CommandTable

  package init(_ table: CommandTable) { self.table = table }

  package var text: String {
    let header = ".TH UNROLL 1 \"\" \"unroll \(table.manual.version)\" \"User Commands\""
    return ([header] + sections.flatMap { [".SH " + $0.title] + $0.lines }).joined(separator: "\n")
  }

  private var sections: [(title: String, lines: [String])] {
    [
      ("NAME", [#"unroll \- "# + Roff.text(table.purpose.withoutSubject)]),
      ("SYNOPSIS", synopsis),
      ("DESCRIPTION", description),
      ("COMMANDS", table.commands.flatMap(lines(of:))),
      (
        "EXIT STATUS",
        ExitStatus.allCases.flatMap { Roff.entry("\($0.rawValue)", $0.meaning) }
      ),
      ("ENVIRONMENT", table.manual.environment.flatMap { Roff.entry($0.name, $0.text) }),
      ("FILES", table.manual.files.flatMap { Roff.entry($0.name, $0.text) }),
      ("EXAMPLES", table.commands.flatMap(\.examples).flatMap(lines(of:))),
    ].filter { !$0.lines.isEmpty }
  }

  private var synopsis: [String] {
    [
      #".B unroll \fIcommand\fR [\fIoptions\fR]"#, ".br", #".B unroll help\fR [\fIcommand\fR]"#,
      ".br", #".B unroll \-\-version"#,
    ]
  }

  private var description: [String] {
    Roff.paragraphs(
      table.purpose + "\n\n"
        + "An option's value stands behind it, after a blank or an equals sign. Every command works "
        + "without any option. With --json, standard output holds one JSON object and nothing else; "
        + "progress, warnings and errors go to standard error.")
  }

  private func lines(of command: Command) -> [String] {
    var lines = [
      ".SS unroll " + Roff.text(command.usage + (command.options.isEmpty ? "" : " [options]"))
    ]
    lines += Roff.paragraphs(command.summary.asSentence)
    lines += Roff.paragraphs(command.discussion)
    for group in command.rowsByGroup {
      lines += [".PP", Roff.text(group.title.asSentence.dropLast() + ":")]
      for spec in group.rows {
        let value = spec.isArgument || spec.placeholder.isEmpty ? nil : spec.placeholder
        let shown = spec.defaultValue.words.map { " (default: \($0))" } ?? ""
        lines += Roff.entry(spec.label, value: value, spec.summaryWithChoices + shown)
      }
    }
    return lines
  }

  private func lines(of example: Command.Example) -> [String] {
    // Of 80 columns man leaves 69 to lines that are indented so far.
    let lines = example.line.commandLines(columns: 68).split(separator: "\n")
    return [".PP", Roff.text(example.explanation.asSentence.dropLast() + ":")]
      + [".PP", ".RS 4", ".EX"] + lines.map { Roff.text($0) } + [".EE", ".RE"]
  }
}

/// Text as roff reads it.
private enum Roff {
  /// Characters that roff gives another meaning, or replaces by typographic ones that could not be
  /// pasted into a shell.
  private static let escapes: [Character: String] = [
    "\\": #"\e"#, "-": #"\-"#, "'": #"\(aq"#, "`": #"\(ga"#, "^": #"\(ha"#, "~": #"\(ti"#,
    "\"": #"\(dq"#,
  ]

  /// One line of text.
  static func text(_ text: some StringProtocol) -> String {
    let escaped = text.map { escapes[$0] ?? String($0) }.joined()
    // A point or quote at the beginning of a line is a request.
    return escaped.hasPrefix(".") ? #"\&"# + escaped : escaped
  }

  /// Paragraphs, between blank lines.
  static func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n\n").flatMap { paragraph in
      [".PP"] + paragraph.split(separator: "\n").map { Self.text($0) }
    }
  }

  /// A name in bold with its value in italics, and indented below it what it means.
  static func entry(_ name: String, value: String? = nil, _ meaning: String) -> [String] {
    let value = value.map { #" \fI"# + text($0) + #"\fR"# } ?? ""
    return [".TP", #"\fB"# + text(name) + #"\fR"# + value, text(meaning)]
  }
}

extension String {
  /// With a capital and a full stop.
  fileprivate var asSentence: String {
    prefix(1).uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
  }

  /// `trains networks` for `unroll trains networks.`
  fileprivate var withoutSubject: String {
    let text = hasPrefix("unroll ") ? dropFirst("unroll ".count) : self[...]
    return String(text.hasSuffix(".") ? text.dropLast() : text)
  }
}
