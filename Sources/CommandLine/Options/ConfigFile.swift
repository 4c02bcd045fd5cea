import Foundation
import UnrollFileFormats

/// The options of an earlier run, from its `config.json`, or from a checkpoint, which carries the same.
package struct ConfigFile: Equatable, Sendable {
  /// Reads the file at a path.
  package typealias Reader = @Sendable (_ path: String) throws -> ConfigFile

  /// The command whose options these are; nil where the file does not say.
  package let command: String?
  /// The values of the object `options`. Other keys of the file are passed over.
  package var options: JSONObject

  package init(command: String? = nil, options: JSONObject) {
    self.command = command
    self.options = options
  }

  /// What a file holds; nil for a value without the object `options`.
  package init?(_ json: JSONValue) {
    guard let options = json["options"]?.object else { return nil }
    self.init(command: json["command"]?.string, options: options)
  }

  /// The JSON file at `path`.
  ///
  /// - Throws: `FileError`, `ConfigFileError`.
  package static func read(_ path: String) throws -> ConfigFile {
    guard let config = ConfigFile(try JSONValue(contentsOf: path)) else {
      throw ConfigFileError.noOptions(path: path)
    }
    return config
  }

  /// What the metadata `config` of a checkpoint has.
  ///
  /// - Throws: `FileError`, `ConfigFileError`.
  package static func readCheckpoint(_ path: String) throws -> ConfigFile {
    let file = try SafetensorsFile(path: path)
    try file.requireIntact()
    guard let text = file.metadata["config"], file.metadata["unroll_checkpoint"] != nil else {
      throw ConfigFileError.notACheckpoint(path: path)
    }
    do {
      guard let config = ConfigFile(try JSONValue(parsing: Data(text.utf8))) else {
        throw ConfigFileError.notACheckpoint(path: path)
      }
      return config
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
