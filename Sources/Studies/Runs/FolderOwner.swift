import Foundation
import UnrollFileFormats
import UnrollText

/// Who owns an output folder: the command, as its `config.json` names it. `clip --surface` counts as a
/// command of its own.
public struct FolderOwner: Sendable, Equatable {
  /// For example `train` or `clip --surface`.
  public let name: String

  /// The owner of what `command` writes.
  ///
  /// - Parameter options: the options, as recorded in `config.json`.
  public init(command: String, options: JSONObject?) {
    name = options?["surface"] == .bool(true) ? "\(command) --surface" : command
  }

  /// Refuses a folder whose `config.json` is of another command, and one without any that holds files
  /// of the kinds that a run writes, which would be overwritten.
  ///
  /// - Throws: ``FolderOwnerError``, or ``FileError`` for a file that cannot be read.
  public func check(_ folder: String) throws {
    let path = "\(folder)/config.json"
    guard FileManager.default.fileExists(atPath: path) else { return try Self.checkForeign(folder) }
    let config = try JSONValue(contentsOf: path)
    let saved = config["command"]?.string.map {
      FolderOwner(command: $0, options: config["options"]?.object)
    }
    guard saved == self else {
      throw FolderOwnerError.otherCommand(path: path, saved: saved?.name, own: name)
    }
  }

  private static func checkForeign(_ folder: String) throws(FolderOwnerError) {
    if let foreign = runFiles(in: folder).first {
      throw .foreignFile(folder: folder, name: foreign)
    }
  }

  /// The names of the files in `folder` that are of the kinds that a run writes, ascending.
  package static func runFiles(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let kinds = ["csv", "csv.partial", "json", "safetensors", "svg", "png", "gp"]
    return names.sorted().filter { name in
      !name.hasPrefix(".") && kinds.contains { name.hasSuffix("." + $0) }
        || name == RunFolder.decayArrays || name.hasPrefix(EventLog.prefix)
    }
  }
}

/// Why a run cannot be written to a folder.
public enum FolderOwnerError: Error, Equatable {
  /// The folder's `config.json` names the command `saved`, or none, rather than `own`.
  case otherCommand(path: String, saved: String?, own: String)
  /// The folder is not a run's and holds a file that a run might overwrite.
  case foreignFile(folder: String, name: String)
  /// The folder's `config.json` is of the run `found`, and the run `own` is to go on from
  /// `checkpoint`; nil for a run of an earlier version.
  case otherRun(path: String, found: RunIdentity?, checkpoint: String, own: RunIdentity?)
}

extension FolderOwnerError: CustomStringConvertible, LocalizedError {
  /// What is wrong and what is accepted, on one line.
  public var description: String {
    switch self {
    case .otherCommand(let path, let saved, let own):
      "\(path.escaped) is \(saved.map { "of the command \($0.quoted)" } ?? "not of a run"); accepted is "
        + "the folder of a run of \(own.quoted), or a new one"
    case .foreignFile(let folder, let name):
      "\(folder.escaped) is no run's folder and holds \(name.escaped), which a run might overwrite; "
        + "accepted is a new or empty folder"
    case .otherRun(let path, let found, let checkpoint, let own):
      "\(path.escaped) is of the run \(found?.id ?? "without a name"), and \(checkpoint.escaped) of the "
        + "run \(own?.id ?? "without a name"); accepted is that run's own folder, or a new one"
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}
