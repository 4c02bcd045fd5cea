extension Command {
  /// `unroll help [COMMAND]`.
  package static func help(about table: @escaping @Sendable () -> CommandTable) -> Command {
    Command(
      name: "help",
      arguments: [
        .argument(
          OptionKey("command"),
          .text().suggesting { _ in table().commands.map { Suggestion($0.name, $0.summary) } },
          default: .described("all of them"),
          "the command to explain")
      ],
      summary: "lists the commands, or one command's options with their defaults",
      options: [
        OptionSpec(
          .man, .flag, group: OptionGroup("manual", rank: 1), isRecorded: false,
          "print the whole as a page for man, in roff: man -l <(unroll help --man)")
      ], computes: false
    ) { arguments, terminal in
      let table = table()
      let help = HelpText(terminal: terminal)
      if arguments[.man] {
        guard !arguments.wasGiven("command") else {
          throw arguments.rejection(
            of: "command", accepted: "left out with --man, whose page has all commands")
        }
        terminal.print(ManPage(table).text)
      } else if let name = arguments[optional: OptionKey<String>("command")] {
        terminal.print(help.page(for: try table.command(named: name)))
      } else {
        terminal.print(help.overview(of: table))
      }
      return .done
    }
  }
}

extension OptionKey<Bool> {
  fileprivate static var man: OptionKey { OptionKey("man") }
}
