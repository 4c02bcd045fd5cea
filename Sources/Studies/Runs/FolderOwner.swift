import Foundation
import UnrollFileFormats

/// Who owns an output folder: the command, as its `config.json` names it. `clip --surface` counts as a
/// command of its own.
package struct FolderOwner: Sendable, Equatable {
  /// `train`, `clip --surface`.
  package let name: String

  /// - Parameter options: as recorded in `config.json`.
  package init(command: String, options: JSONObject?) {
    name = options?["surface"] == .bool(true) ? "\(command) --surface" : command
  }

  /// Refuses a folder whose `config.json` is of another command, and one without any that holds files
  /// of the kinds that a run writes, which would be overwritten.
  ///
  /// - Throws: ``FolderOwnerError``, or `FileError` for a file that cannot be read.
  package func check(_ folder: String) throws {
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
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let kinds = ["csv", "json", "safetensors", "svg", "png", "gp"]
    let foreign = names.sorted().first { name in
      !name.hasPrefix(".") && kinds.contains { name.hasSuffix("." + $0) }
    }
    if let foreign { throw .foreignFile(folder: folder, name: foreign) }
  }
}

/// Why a run cannot be written to a folder; `saved` is nil where the folder's file names no command.
package enum FolderOwnerError: Error, Equatable {
  case otherCommand(path: String, saved: String?, own: String)
  /// No run's folder, with a file that a run might overwrite.
  case foreignFile(folder: String, name: String)
}
