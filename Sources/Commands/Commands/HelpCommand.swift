extension Command {
  /// `unroll help [COMMAND]`.
  static func help(about commands: [Command]) -> Command {
    Command(
      name: "help",
      arguments: [
        .argument(
          "command", .text(), default: .described("all of them"), "the command to explain")
      ],
      summary: "lists the commands, or one command's options with their defaults"
    ) { arguments, terminal in
      let table = CommandTable(commands)
      let help = HelpText(terminal: terminal)
      if let name = arguments.optionalText("command") {
        terminal.print(help.page(for: try table.command(named: name)))
      } else {
        terminal.print(help.overview(of: table))
      }
      return .done
    }
  }
}
