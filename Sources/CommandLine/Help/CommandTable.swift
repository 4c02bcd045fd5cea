import UnrollText

/// The commands, in the order help lists them.
package struct CommandTable: Sendable {
  package let commands: [Command]
  /// What the program does, in one sentence.
  package let purpose: String

  /// The table of `commands` and, last, `help` about them.
  package init(_ commands: [Command], purpose: String) {
    self.commands = commands + [.help(about: commands, purpose: purpose)]
    self.purpose = purpose
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
