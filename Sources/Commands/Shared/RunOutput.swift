import Foundation
import UnrollCommandLine
import UnrollFigures
import UnrollFileFormats
import UnrollStudies

/// A run's folder as a command writes to it: `config.json`, `summary.json`, figures.
struct RunOutput {
  private let folderOfRun: RunFolder
  private let terminal: Terminal
  /// The run's identity, which all of its files carry.
  let run: RunIdentity
  /// The files that the run reads.
  let data: [InputFile]
  /// What `config.json` says beside the options: where a resumed run was changed.
  private let remarks: JSONObject
  private let figures = FigureFailure()

  /// What went wrong with a figure, until all results are written.
  private final class FigureFailure {
    var error: FigureError?
  }

  var folder: String { folderOfRun.path }

  /// Makes the folder: `--out`, that of a checkpoint to go on from, or a new one under `runs/` named by
  /// the command and `subject`. Files of an earlier run there are set aside.
  ///
  /// - Parameters:
  ///   - continuing: whether what is in the folder is gone on with.
  ///   - data: the files that the run reads; nil takes those that options name.
  ///   - remarks: further members of `config.json`.
  /// - Throws: as ``RunFolder/init(_:command:options:subject:continuing:)``; `UsageError` where a file
  ///   that the run reads would be set aside.
  init(
    _ arguments: Arguments, subject: String?, continuing: RunFolder.Continuation = .nothing,
    data: [InputFile]? = nil, remarks: JSONObject = [:], terminal: Terminal
  ) throws {
    self.terminal = terminal
    self.data = data ?? arguments.inputFiles()
    self.remarks = remarks
    arguments.warnOfChangedData(self.data, on: terminal)
    var out = arguments[optional: .out]
    if case .run(_, let checkpoint) = continuing {
      out = out ?? OutputFolder.containing(checkpoint)
    }
    if let out, continuing == .nothing {
      try FolderOwner(command: arguments.commandName, options: arguments.recordedOptions).check(out)
      try arguments.requireOtherFolder(than: out, of: self.data)
    }
    folderOfRun = try RunFolder(
      out, command: arguments.commandName, options: arguments.recordedOptions, subject: subject,
      continuing: continuing)
    if case .run(let own?, _) = continuing { run = own } else { run = RunIdentity() }
    if let earlier = folderOfRun.earlier {
      terminal.note("the files of the earlier run in \(folder) are now in \(earlier)")
    }
  }

  func path(_ name: String) -> String { folderOfRun.file(name) }

  /// Whether the folder has a `config.json`, without which it is not known for a run's.
  var hasConfig: Bool { FileManager.default.fileExists(atPath: path("config.json")) }

  /// Writes `config.json`: every option as used, the run, its files, the version and the kernels. A summary
  /// that is there says how an earlier part of the run ended, and is removed.
  ///
  /// - Parameters:
  ///   - workedOut: values of options that were not given and that the command chose.
  ///   - machinery: what computed the numbers.
  func writeConfig(
    _ arguments: Arguments, workedOut: JSONObject = [:], machinery: Machinery = .present
  ) throws {
    try config(arguments, workedOut: workedOut, machinery: machinery).write(to: path("config.json"))
    RunFolder.removeLeftover("summary.json", in: folder)
  }

  /// What `config.json` holds; `--config` reads its `options`.
  func config(
    _ arguments: Arguments, workedOut: JSONObject = [:], machinery: Machinery = .present
  ) -> JSONValue {
    let config = RunFolder.config(
      command: arguments.commandName, options: arguments.recordedOptions + workedOut, run: run,
      data: data, machinery: machinery)
    return .object((config.object ?? [:]) + remarks)
  }

  /// Writes `summary.json`, with the run's folder and identity, and under `--json` prints it.
  ///
  /// - Throws: `FileError`; `FigureError.cannotWrite` for a figure's file, with all else written.
  func writeSummary(_ summary: JSONValue) throws {
    var object = summary.object ?? [:]
    object["folder"] = .string(folder)
    object[RunIdentity.key] = .string(run.id)
    try JSONValue.object(object).write(to: path("summary.json"))
    terminal.printJSON(JSONValue.object(object).encoded())
    if let error = figures.error { throw error }
  }

  /// Draws a figure; without gnuplot, or where it fails, that is a warning and the script remains. A file that
  /// cannot be written is an error of ``writeSummary(_:)``, once the results are there.
  ///
  /// - Parameter subfolder: a folder in the run's own; nil for that itself.
  func draw(
    _ figure: some Figure, name: String, formats: [FigureFormat], in subfolder: String? = nil
  ) {
    do throws(FigureError) {
      try figure.write(to: subfolder.map(path) ?? folder, name: name, formats: formats)
    } catch {
      if case .cannotWrite = error {
        figures.error = figures.error ?? error
      } else {
        terminal.warn(error.description)
      }
    }
  }
}
