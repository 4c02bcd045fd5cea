import UnrollText

/// The commands, in the order help lists them.
package struct CommandTable: Sendable {
  package let commands: [Command]
  /// What the program does, in one sentence.
  package let purpose: String
  /// What the manual page has besides.
  package let manual: Manual

  /// The table of `commands` and, last, `completions` and `help` about them all.
  package init(_ commands: [Command], purpose: String, manual: Manual = Manual()) {
    let table: @Sendable () -> CommandTable = {
      CommandTable(commands, purpose: purpose, manual: manual)
    }
    self.commands = commands + [.completions(of: table), .help(about: table)]
    self.purpose = purpose
    self.manual = manual
  }

  /// - Throws: `UsageError.unknownCommand`.
  package func command(named name: String) throws -> Command {
    guard let command = commands.first(where: { $0.name == name }) else {
      let nearest = NearestName.of(name, among: commands.map(\.name))
      throw UsageError.unknownCommand(name, nearest: nearest)
    }
    return command
  }
}
