import UnrollFileFormats
import UnrollText

extension ConfigFileError: WordedError {
  package var exitStatus: ExitStatus { .usage }

  package var message: String {
    switch self {
    case .noOptions(let path):
      "--config \(path.shown): has no object 'options', as a run's config.json has"
    case .notACheckpoint(let path):
      "--resume \(path.shown): holds a model only; a run's checkpoint.safetensors is "
        + "accepted"
    case .otherSetting(let path, let label, let saved, let given):
      "\(label) \(given.shown): \(path.shown) was made with "
        + "\(saved.shown), and a run is resumed under its own settings"
    case .unknownKey(let path, let key, let command, let nearest):
      "\(path.shown): unknown option '\(key.shown)'"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "; unroll help \(command) lists them")
    case .otherCommand(let path, let other, let command):
      "--config \(path.shown): records a run of unroll \(other.shown), and "
        + "a run of unroll \(command) is accepted"
    case .wrongType(let path, let key, let found, let expected):
      "\(path.shown): '\(key.shown)' is \(found.typeName);"
        + " must be \(expected.words)"
    }
  }
}

extension JSONValue {
  fileprivate var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer, .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension ConfigFileError.ExpectedType {
  fileprivate var words: String {
    switch self {
    case .boolean: "true or false"
    case .number: "a number"
    case .text: "a text"
    case .list: "a list, or a text with commas"
    case .textOrNumber: "a text or a number"
    }
  }
}
