import Foundation
import UnrollDenseMath

/// Runs the command named on the command line and turns what it throws into one line on stderr.
struct Program: Sendable {
  let table: CommandTable

  /// Runs the program on `words`, the command line without the program's own name.
  func run(_ words: [String], on terminal: Terminal) -> ExitStatus {
    let status = attempt(words, on: terminal)
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

  private func dispatch(_ words: [String], on terminal: Terminal) throws -> ExitStatus {
    let help = HelpText(terminal: terminal)
    guard let first = words.first, first != "--help", first != "-h" else {
      terminal.print(help.overview(of: table))
      return .done
    }
    if first == "--version" {
      terminal.print("unroll \(Version.current)")
      return .done
    }
    if first.hasPrefix("-") {
      let known = ["help", "version"]
      throw UsageError.unknownOption(first, nearest: NearestName.of(first, among: known))
    }
    try checkEnvironment()
    let command = try table.command(named: first)
    switch try ArgumentParser(command: command).parse(Array(words.dropFirst())) {
    case .help:
      terminal.print(help.page(for: command))
      return .done
    case .arguments(let arguments):
      terminal.configure(
        quiet: arguments.isSet("quiet"), json: arguments.isSet("json"))
      return try command.run(arguments, terminal)
    }
  }
}

extension Program {
  /// Refuses vector kernels that would silently be others.
  private func checkEnvironment() throws {
    let available = CPUFeatures.availableVectorKernels
    guard let requested = CPUFeatures.requestedVectorKernels, !available.contains(requested)
    else { return }
    throw UsageError.unknownKernels(requested, available: available)
  }
}

/// Runs `unroll` on the words after the program's name.
///
/// - Returns: the exit status: 0 done, 1 could not, 2 wrong usage, 3 training became non-finite,
///   130 interrupted.
public func run(arguments: [String]) -> Int32 {
  // A reader that has gone away is seen as EPIPE on the write instead of killing the program, so
  // that the files of a run are still written.
  signal(SIGPIPE, SIG_IGN)
  return Program(table: .all).run(arguments, on: .standard()).rawValue
}

/// The program: runs the process's own command line and exits.
public func unrollMain() -> Never {
  exit(run(arguments: Array(CommandLine.arguments.dropFirst())))
}
