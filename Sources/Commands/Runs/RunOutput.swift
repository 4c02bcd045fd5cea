import Foundation
import UnrollCommandLine
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollStudies

/// The folder of a run: `config.json`, `summary.json`, figures.
struct RunOutput {
  let folder: String
  private let lock: FolderLock
  private let terminal: Terminal

  /// Makes the folder: `--out`, that of the checkpoint at `resuming`, or a new one under `runs/`
  /// named by the command and `subject`.
  ///
  /// - Throws: `FolderOwnerError` for the folder of another command; `FileError` when it cannot be
  ///   made or written to, or another run is at work in it.
  init(
    _ arguments: Arguments, subject: String?, resuming checkpoint: String? = nil,
    terminal: Terminal
  ) throws {
    self.terminal = terminal
    let former = checkpoint.map { URL(filePath: $0).deletingLastPathComponent().relativePath }
    if let path = arguments[optional: .out] ?? former {
      try FolderOwner.check(path, against: arguments)
      try OutputFolder.create(path)
      folder = path
    } else {
      folder = try OutputFolder.createUnused(
        base: RunFolder.defaultPath(command: arguments.commandName, subject: subject))
    }
    lock = try FolderLock(folder)
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Removes the table and the figure called `name` that an earlier run of the same command may have
  /// left in the folder.
  func removeLeftovers(of name: String) {
    for kind in ["csv"] + FigureFormat.allCases.map(\.rawValue) + ["gp"] {
      try? FileManager.default.removeItem(atPath: path("\(name).\(kind)"))
    }
  }

  /// Writes `config.json`: every option as used, the version and the kernels.
  ///
  /// - Parameter workedOut: values of options that were not given and that the command chose.
  func writeConfig(_ arguments: Arguments, workedOut: JSONObject = [:]) throws {
    try Self.config(arguments, workedOut: workedOut).write(to: path("config.json"))
  }

  /// What `config.json` holds; `--config` reads its `options`.
  static func config(_ arguments: Arguments, workedOut: JSONObject = [:]) -> JSONValue {
    var options = JSONObject()
    for (name, value) in arguments.recorded { options[name] = value }
    for (name, value) in workedOut { options[name] = value }
    return [
      "command": .string(arguments.commandName), "version": .string(Version.current),
      "blas": .string(BLASLibrary.shared.configuration),
      "blas_kernels": .string(BLASLibrary.shared.kernels),
      "vector_kernels": .string(CPUFeatures.vectorKernels), "options": .object(options),
    ]
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
