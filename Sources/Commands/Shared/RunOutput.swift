import Foundation
import UnrollCommandLine
import UnrollFigures
import UnrollFileFormats
import UnrollStudies

/// A run's folder as a command writes to it: `config.json`, `summary.json`, figures.
struct RunOutput {
  private let run: RunFolder
  private let terminal: Terminal

  var folder: String { run.path }

  /// Makes the folder: `--out`, that of the checkpoint at `resuming`, or a new one under `runs/`
  /// named by the command and `subject`.
  ///
  /// - Throws: as ``RunFolder/init(_:command:options:subject:)``.
  init(
    _ arguments: Arguments, subject: String?, resuming checkpoint: String? = nil,
    terminal: Terminal
  ) throws {
    self.terminal = terminal
    let former = checkpoint.map { URL(filePath: $0).deletingLastPathComponent().relativePath }
    run = try RunFolder(
      arguments[optional: .out] ?? former, command: arguments.commandName,
      options: Self.options(arguments), subject: subject)
  }

  func path(_ name: String) -> String { run.file(name) }

  /// Removes what an earlier run of the same command may have left under `name`.
  func removeLeftovers(of name: String) { run.removeLeftovers(of: name) }

  /// Writes `config.json`: every option as used, the version and the kernels.
  ///
  /// - Parameter workedOut: values of options that were not given and that the command chose.
  func writeConfig(_ arguments: Arguments, workedOut: JSONObject = [:]) throws {
    try Self.config(arguments, workedOut: workedOut).write(to: path("config.json"))
  }

  /// What `config.json` holds; `--config` reads its `options`.
  static func config(_ arguments: Arguments, workedOut: JSONObject = [:]) -> JSONValue {
    RunFolder.config(
      command: arguments.commandName, options: options(arguments) + workedOut)
  }

  private static func options(_ arguments: Arguments) -> JSONObject {
    var options = JSONObject()
    for (name, value) in arguments.recorded { options[name] = value }
    return options
  }

  /// Writes `summary.json` and, under `--json`, prints it.
  func writeSummary(_ summary: JSONValue) throws {
    try summary.write(to: path("summary.json"))
    terminal.printJSON(summary.encoded())
  }

  /// Draws a figure; without gnuplot, or where it fails, that is a warning and the script remains.
  func draw(_ figure: some Figure, name: String, formats: [FigureFormat]) throws {
    do throws(FigureError) {
      try figure.write(to: folder, name: name, formats: formats)
    } catch {
      if case .cannotWrite = error { throw error }
      terminal.warn(error.description)
    }
  }
}
