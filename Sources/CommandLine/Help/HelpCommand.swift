extension Command {
  /// `unroll help [COMMAND]`.
  package static func help(about commands: [Command], purpose: String) -> Command {
    Command(
      name: "help",
      arguments: [
        .argument(
          OptionKey("command"), .text(), default: .described("all of them"),
          "the command to explain")
      ],
      summary: "lists the commands, or one command's options with their defaults"
    ) { arguments, terminal in
      let table = CommandTable(commands, purpose: purpose)
      let help = HelpText(terminal: terminal)
      if let name = arguments[optional: OptionKey<String>("command")] {
        terminal.print(help.page(for: try table.command(named: name)))
      } else {
        terminal.print(help.overview(of: table))
      }
      return .done
    }
  }
}
