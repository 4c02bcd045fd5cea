import UnrollFileFormats

extension Arguments.Entry {
  /// Reads `text` as the value of `spec`.
  ///
  /// - Throws: `UsageError.rejected` or `.rejectedBecause`.
  package init(_ spec: OptionSpec, _ text: String, _ origin: ValueOrigin) throws {
    let value: OptionValue?
    do {
      value = try spec.kind.value(from: text)
    } catch {
      throw UsageError.rejectedBecause(spec, value: text, origin: origin, reason: error)
    }
    guard let value else {
      throw UsageError.rejected(spec, value: text, origin: origin, accepted: nil)
    }
    self.init(value: value, text: spec.kind.normalized(text), origin: origin)
  }

  /// Reads a value of the file at `path`.
  ///
  /// - Throws: `ConfigFileError.wrongType`, and as ``init(_:_:_:)``.
  package init(_ spec: OptionSpec, _ value: JSONValue, at path: String) throws {
    guard let text = value.text(for: spec.kind) else {
      throw ConfigFileError.wrongType(
        path: path, key: spec.name, found: value, expected: spec.kind.expectedJSONType)
    }
    try self.init(spec, text, .config(path: path))
  }
}

extension Arguments {
  /// The same arguments, where those named `names` that were not given take their values from
  /// `options`, read from the file at `path`.
  ///
  /// - Throws: `ConfigFileError.wrongType`, `UsageError`.
  package func filling(_ names: [String], from options: JSONObject, at path: String) throws
    -> Arguments
  {
    var filled = self
    for spec in specs where names.contains(spec.name) && !wasGiven(spec.name) {
      guard let value = spec.value(in: options), value != .null else { continue }
      filled.entries[spec.name] = try Entry(spec, value, at: path)
    }
    return filled
  }
}

extension Arguments {
  /// The same arguments with other values, read from the file at `path`.
  ///
  /// - Throws: `ConfigFileError.wrongType`, `UsageError`.
  package func replacing(_ values: JSONObject, at path: String) throws -> Arguments {
    var replaced = self
    for spec in specs {
      if let value = values[spec.name] {
        replaced.entries[spec.name] = try Entry(spec, value, at: path)
      }
    }
    return replaced
  }

  /// What `command` takes of these arguments, with its own defaults for what these do not have, and
  /// with the options of `values` set as on the command line.
  ///
  /// - Throws: `UsageError` for a value that is not accepted.
  package func forCommand(
    _ command: Command, setting values: [(name: String, text: String)]
  ) throws -> Arguments {
    let specs = command.arguments + command.options
    var entries: [String: Entry] = [:]
    for spec in specs {
      if let value = values.last(where: { $0.name == spec.name }) {
        entries[spec.name] = try Entry(spec, value.text, .commandLine)
      } else if has(spec.name) {
        entries[spec.name] = self.entries[spec.name]
      } else if let text = spec.defaultValue.text {
        entries[spec.name] = try Entry(spec, text, .builtIn)
      }
    }
    return Arguments(
      commandName: command.name, specs: specs, entries: entries, fingerprints: fingerprints)
  }

  /// The same arguments with what `other` has for `names`.
  package func taking(_ names: Set<String>, from other: Arguments) -> Arguments {
    var taken = self
    for name in names { taken.entries[name] = other.entries[name] }
    return taken
  }

  /// The same arguments without values for `names`.
  package func without(_ names: String...) -> Arguments { without(names) }

  package func without(_ names: [String]) -> Arguments {
    var rest = self
    for name in names { rest.entries[name] = nil }
    return rest
  }
}

extension OptionKind {
  fileprivate var expectedJSONType: ConfigFileError.ExpectedType {
    switch self {
    case .flag: .boolean
    case .integer, .real: .number
    case .choice: .text
    case .integerList, .textList, .repeatedTexts: .list
    case .text, .file, .custom: .textOrNumber
    }
  }
}
