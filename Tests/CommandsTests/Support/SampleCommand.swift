import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

extension Command {
  /// A command with every row of the option table, that prints what it records.
  static let sample = Command(
    name: "sample",
    arguments: [
      .argument(.subject, .choice(["adding", "copy"]), "what it works on")
    ],
    summary: "prints its options",
    options: OptionTable.all
  ) { arguments, terminal in
    for (name, value) in arguments.recorded { terminal.print("\(name) \(value)") }
    terminal.printJSON("{}")
    return .done
  }
}

extension OptionKey<String> {
  static var subject: OptionKey { OptionKey("subject") }
}

extension Program {
  static let sample = Program(
    table: CommandTable([.sample], purpose: "tries things"), version: Version.current)
}

extension ArgumentParser {
  /// What the sample command makes of `words`; a config file holds `config`.
  static func arguments(
    _ words: [String], config: JSONObject = [:]
  ) throws -> Arguments {
    let parser = ArgumentParser(command: .sample, readConfig: { _ in ConfigFile(options: config) })
    guard case .arguments(let arguments) = try parser.parse(words) else {
      throw UnexpectedHelp()
    }
    return arguments
  }

  struct UnexpectedHelp: Error {}
}

/// The message of the error that `body` throws; nil when it throws none.
func message(of body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return ErrorMessage.text(for: error)
  }
}
