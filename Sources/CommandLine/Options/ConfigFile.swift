import Foundation
import UnrollFileFormats

/// Reads the options of an earlier run: from its `config.json`, or from a checkpoint, which carries
/// the same.
package enum ConfigFile {
  /// Reads the file at a path into the values of its object `options`.
  package typealias Reader = @Sendable (_ path: String) throws -> JSONObject

  /// The object `options` of the JSON file at `path`. Other keys of the file are passed over.
  ///
  /// - Throws: `FileError`, `ConfigFileError`.
  package static func read(_ path: String) throws -> JSONObject {
    guard let options = try JSONValue(contentsOf: path)["options"]?.object else {
      throw ConfigFileError.noOptions(path: path)
    }
    return options
  }

  /// The command whose options the file at `path` records; nil where it does not say.
  static func command(of path: String) -> String? {
    (try? JSONValue(contentsOf: path))?["command"]?.string
  }

  /// The same from the metadata `config` of a checkpoint.
  ///
  /// - Throws: `FileError`, `ConfigFileError`.
  package static func readCheckpoint(_ path: String) throws -> JSONObject {
    let file = try SafetensorsFile(path: path)
    guard let text = file.metadata["config"], file.metadata["unroll_checkpoint"] != nil else {
      throw ConfigFileError.notACheckpoint(path: path)
    }
    do {
      guard let options = try JSONValue(parsing: Data(text.utf8))["options"]?.object else {
        throw ConfigFileError.notACheckpoint(path: path)
      }
      return options
    } catch let problem as FileProblem {
      throw file.malformed(problem)
    }
  }
}

/// What can be wrong with the options of a file given to `--config` or `--resume`.
package enum ConfigFileError: Error, Equatable {
  /// The file holds no object `options`.
  case noOptions(path: String)
  case notACheckpoint(path: String)
  /// A run cannot be resumed under another value of this option, `--hidden`, or argument, `TASK`.
  case otherSetting(path: String, label: String, saved: String, given: String)
  case unknownKey(path: String, key: String, command: String, nearest: String?)
  /// The file records options of another command, which this command does not have.
  case otherCommand(path: String, of: String, command: String)
  case wrongType(path: String, key: String, found: JSONValue, expected: ExpectedType)

  /// The JSON types an option takes.
  package enum ExpectedType: Equatable { case boolean, number, text, list, textOrNumber }
}
