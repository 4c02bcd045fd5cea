import Foundation
import UnrollText

/// Runs the command named on the command line and turns what it throws into one line on stderr.
package struct Program: Sendable {
  package let table: CommandTable
  package let version: String
  /// Refuses an environment in which no command can do what it should.
  package let checkEnvironment: @Sendable () throws -> Void
  /// Refuses a machine on which a command that computes cannot, or would do so wrongly.
  package let checkMachine: @Sendable (Arguments) throws -> Void

  package init(
    table: CommandTable, version: String,
    checkEnvironment: @escaping @Sendable () throws -> Void = {},
    checkMachine: @escaping @Sendable (Arguments) throws -> Void = { _ in }
  ) {
    self.table = table
    self.version = version
    self.checkEnvironment = checkEnvironment
    self.checkMachine = checkMachine
  }

  /// Runs the program on `words`, the command line without the program's own name.
  package func run(_ words: [String], on terminal: Terminal) -> ExitStatus {
    end(attempt(words, on: terminal), on: terminal)
  }

  /// Says what is left to say of the terminal itself.
  package func end(_ status: ExitStatus, on terminal: Terminal) -> ExitStatus {
    terminal.clearLive()
    guard let code = terminal.outputFailure else { return status }
    terminal.error("standard output: \(String(cString: strerror(code)))")
    return status == .done ? .failed : status
  }

  private func attempt(_ words: [String], on terminal: Terminal) -> ExitStatus {
    do {
      return try dispatch(words, on: terminal)
    } catch {
      terminal.error(ErrorMessage.text(for: error))
      return ErrorMessage.exitStatus(for: error)
    }
  }

  /// Runs the command that `words` name.
  ///
  /// - Throws: `UsageError`, and what the command throws.
  package func dispatch(_ words: [String], on terminal: Terminal) throws -> ExitStatus {
    let help = HelpText(terminal: terminal)
    guard let first = words.first, first != "--help", first != "-h" else {
      terminal.print(help.overview(of: table))
      return .done
    }
    if first == "--version" {
      terminal.print("unroll \(version)")
      return .done
    }
    if first.hasPrefix("-") {
      let known = ["help", "version"]
      throw UsageError.unknownOption(first, nearest: NearestName.of(first, among: known))
    }
    // Swift has put this character in the place of each, so that it would name another file.
    if let word = words.first(where: { $0.unicodeScalars.contains("\u{FFFD}") }) {
      throw UsageError.notUTF8(word)
    }
    try checkEnvironment()
    let command = try table.command(named: first)
    switch try ArgumentParser(command: command).parse(Array(words.dropFirst())) {
    case .help:
      terminal.print(help.page(for: command))
      return .done
    case .arguments(let arguments):
      terminal.configure(
        quiet: arguments.isSet(.quiet), json: arguments.isSet(.json))
      if command.computes { try checkMachine(arguments) }
      for notice in arguments.notices { terminal.note(notice) }
      return try command.run(arguments, terminal)
    }
  }
}

// The options that the kit itself reads.
extension OptionKey<Bool> {
  package static var json: OptionKey { OptionKey("json") }
  package static var quiet: OptionKey { OptionKey("quiet") }
}

extension OptionKey<String> {
  /// A file with the options of an earlier run.
  package static var config: OptionKey { OptionKey("config") }
  /// A checkpoint to continue from.
  package static var resume: OptionKey { OptionKey("resume") }
}
