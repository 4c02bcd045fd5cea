import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollText

/// Whose the folder is that a run is to be written to.
enum FolderOwner {
  /// Refuses a folder whose `config.json` is not of the same command, and one without any that holds
  /// files of the kinds that a run writes: they would be overwritten. The comparisons of `clip` and
  /// its surface count as two commands.
  ///
  /// - Throws: `FolderOwnerError`, or `FileError` for a file that cannot be read.
  static func check(_ folder: String, against arguments: Arguments) throws {
    let path = "\(folder)/config.json"
    guard FileManager.default.fileExists(atPath: path) else { return try checkForeign(folder) }
    let config = try JSONValue(contentsOf: path)
    let own = name(
      arguments.commandName,
      surface: arguments.recorded.first { $0.name == "surface" }?.value)
    let saved = config["command"]?.string.map {
      name($0, surface: config["options"]?["surface"])
    }
    guard saved == own else {
      throw FolderOwnerError.otherCommand(path: path, saved: saved, own: own)
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

  private static func name(_ command: String, surface: JSONValue?) -> String {
    surface == .bool(true) ? "\(command) --surface" : command
  }
}

/// Why a run cannot be written to a folder; `saved` is nil where the folder's file names no command.
enum FolderOwnerError: Error, Equatable {
  case otherCommand(path: String, saved: String?, own: String)
  /// No run's folder, with a file that a run might overwrite.
  case foreignFile(folder: String, name: String)
}
