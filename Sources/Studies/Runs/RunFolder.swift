import Foundation
import UnrollDenseMath
import UnrollFileFormats
import UnrollText

/// The folder of one run, locked against other programs for as long as this value lives.
///
///     let options: JSONObject = ["hidden": 64]
///     let folder = try RunFolder("runs/mine", command: "mine", options: options, subject: nil)
///     try RunFolder.config(command: "mine", options: options).write(to: folder.file("config.json"))
///
/// A folder never mixes two runs. What an earlier run left in it is moved into a folder `earlier-…`
/// inside, unless the run goes on with the earlier one's work.
public struct RunFolder {
  /// Where the folder is.
  public let path: String
  /// Where an earlier run's files were moved; nil where there were none.
  public let earlier: String?
  private let lock: FolderLock

  /// Makes the folder `given`, or a new one under `runs/` named by the command and `subject`. A
  /// folder of an earlier run of the same command is taken again.
  ///
  /// - Parameter continuing: what the folder's files are to the new run.
  /// - Throws: ``FolderOwnerError`` for the folder of another command, or of another run than the one
  ///   that goes on; ``FileError`` when it cannot be made or written to, or another run is at work in
  ///   it.
  public init(
    _ given: String?, command: String, options: JSONObject, subject: String?,
    continuing: Continuation = .nothing
  ) throws {
    if let given {
      try FolderOwner(command: command, options: options).check(given)
      if case .run(let run, let checkpoint) = continuing {
        try Self.requireRun(run, of: checkpoint, in: given)
      }
      try OutputFolder.create(given)
      path = given
    } else {
      path = try OutputFolder.createUnused(
        base: RunFolder.defaultPath(command: command, subject: subject))
    }
    lock = try FolderLock(path)
    Self.removeTemporaryFiles(of: path)
    earlier = continuing == .nothing ? try EarlierFiles(in: path)?.setAside() : nil
  }

  /// What the files in a run's folder are to a run that is to be written there.
  public enum Continuation: Equatable, Sendable {
    /// Those of an earlier run, which are set aside.
    case nothing
    /// Those of a sweep, which goes on.
    case sweep
    /// Those of the run that the checkpoint at `checkpoint` was saved by; nil for one of an earlier
    /// version, which had no identity.
    case run(RunIdentity?, checkpoint: String)
  }

  private static func requireRun(
    _ run: RunIdentity?, of checkpoint: String, in folder: String
  ) throws {
    let path = "\(folder)/config.json"
    guard FileManager.default.fileExists(atPath: path) else { return }
    let found = RunIdentity(try JSONValue(contentsOf: path)[RunIdentity.key]?.string)
    guard found == run else {
      throw FolderOwnerError.otherRun(path: path, found: found, checkpoint: checkpoint, own: run)
    }
  }

  /// The command line that goes on with the training run in a folder, or from one of its checkpoints.
  package static func commandResuming(_ path: String) -> String {
    "unroll train --resume \(path.shellWord)"
  }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Removes what killed processes have left in the folder of a run and of those that it keeps; and in the
  /// folders beside it where it has none of its own choice, because a run that is started again then has a
  /// new one.
  private static func removeTemporaryFiles(of folder: String) {
    let runs = "runs/"
    for parent in ["\(folder)/runs"] + (folder.hasPrefix(runs) ? [String(runs.dropLast())] : []) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
      for name in names { TemporaryFiles.removeLeftoversOnce(in: "\(parent)/\(name)") }
    }
    TemporaryFiles.removeLeftoversOnce(in: folder)
  }

  /// Removes the table and the figure called `name` from a folder.
  package static func removeLeftovers(of name: String, in folder: String) {
    for kind in ["csv", "svg", "png", "gp"] { removeLeftover("\(name).\(kind)", in: folder) }
  }

  /// Removes the file called `name`, its kind included, from a folder.
  package static func removeLeftover(_ name: String, in folder: String) {
    try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
  }

  /// What `config.json` holds: the command, the run, every option as used, the files it read, the
  /// version, and the BLAS and the kernels on which the last digits depend.
  public static func config(
    command: String, options: JSONObject, run: RunIdentity = RunIdentity(),
    data: [InputFile] = [], machinery: Machinery = .present
  ) -> JSONValue {
    var config: JSONObject = [
      "command": .string(command), RunIdentity.key: .string(run.id),
    ]
    for (name, value) in machinery.json { config[name] = value }
    config["options"] = .object(options)
    var files = JSONObject()
    for file in data { files[file.option] = file.json }
    config[InputFile.key] = .object(files)
    return .object(config)
  }
}
