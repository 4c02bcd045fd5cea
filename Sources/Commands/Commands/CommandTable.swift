/// The commands, in the order help lists them.
struct CommandTable: Sendable {
  let commands: [Command]

  /// The program's commands.
  static let all = CommandTable([
    .train, .decay, .depth, .clip, .evaluate, .predict, .sample, .check, .bench, .tasks, .info,
  ])

  /// The table of `commands` and, last, `help` about them.
  init(_ commands: [Command]) {
    self.commands = commands + [.help(about: commands)]
  }

  /// - Throws: `UsageError.unknownCommand`.
  func command(named name: String) throws -> Command {
    guard let command = commands.first(where: { $0.name == name }) else {
      let nearest = NearestName.of(name, among: commands.map(\.name))
      throw UsageError.unknownCommand(name, nearest: nearest)
    }
    return command
  }
}
