import UnrollFileFormats
import UnrollText

/// Where an option's value came from.
package enum ValueOrigin: Sendable, Equatable {
  case commandLine
  case config(path: String)
  case builtIn
}

/// A command's options and arguments after every one was checked.
///
/// Asking for a name the command does not have, or for another type than its kind gives, is a
/// programmer's mistake and traps.
package struct Arguments: Sendable {
  package struct Entry: Sendable {
    package let value: OptionValue
    /// The text the value was read from, as `OptionKind.normalized(_:)` has it.
    package let text: String
    package let origin: ValueOrigin
  }

  package let commandName: String
  package private(set) var specs: [OptionSpec]
  package internal(set) var entries: [String: Entry]
  /// What the user is to know of the files that options were read from.
  package let notices: [String]
  /// Of the files that the options name; copies share it.
  package let fingerprints: FingerprintCache

  package init(
    commandName: String, specs: [OptionSpec], entries: [String: Entry],
    fingerprints: FingerprintCache = FingerprintCache(), notices: [String] = []
  ) {
    self.notices = notices
    self.fingerprints = fingerprints
    self.commandName = commandName
    self.specs = specs
    self.entries = entries
  }

  /// The arguments of the options `names` alone, where the others do not count.
  package func keeping(_ names: Set<String>) -> Arguments {
    var kept = self
    kept.specs = specs.filter { names.contains($0.name) }
    kept.entries = entries.filter { names.contains($0.key) }
    return kept
  }

  // MARK: What was given

  /// Whether the command has an option or argument named `name`.
  package func has(_ name: String) -> Bool { specs.contains { $0.name == name } }

  /// Whether `name` was given on the command line or in the config file.
  package func wasGiven(_ name: String) -> Bool {
    guard let entry = entries[spec(name).name] else { return false }
    return entry.origin != .builtIn
  }

  /// Whether `name` was given on the command line itself.
  package func wasTyped(_ name: String) -> Bool { entries[spec(name).name]?.origin == .commandLine }

  /// The options given on the command line that are not in `saved`, the options of an earlier run, and
  /// whose default the command works out.
  package func typedWhereDefaultsHeld(in saved: JSONObject) -> [OptionSpec] {
    specs.filter { spec in
      guard case .described = spec.defaultValue, spec.isRecorded, wasTyped(spec.name) else {
        return false
      }
      return spec.value(in: saved) == nil
    }
  }

  /// Whether `name` has its value from the file at `path`.
  package func isFrom(_ path: String, _ name: String) -> Bool {
    entries[spec(name).name]?.origin == .config(path: path)
  }

  /// Whether `name` has a value, even if only its default.
  package func hasValue(_ name: String) -> Bool { entries[spec(name).name] != nil }

  package func has<Value>(_ key: OptionKey<Value>) -> Bool { has(key.name) }
  package func wasGiven<Value>(_ key: OptionKey<Value>) -> Bool { wasGiven(key.name) }
  package func wasTyped<Value>(_ key: OptionKey<Value>) -> Bool { wasTyped(key.name) }
  package func hasValue<Value>(_ key: OptionKey<Value>) -> Bool { hasValue(key.name) }

  /// Whether the flag exists and was given.
  package func isSet(_ key: OptionKey<Bool>) -> Bool { has(key) && self[key] }

  /// What `config.json` records: every option and argument with a value, in the command's order.
  /// Paths are from the root, so that they name the same files from any folder.
  package var recorded: [(name: String, value: JSONValue)] {
    specs.filter(\.isRecorded).compactMap { spec in
      guard let value = entries[spec.name]?.value else { return nil }
      switch value {
      case .text(let path) where spec.isPath: return (spec.name, .string(AbsolutePath.of(path)))
      case .texts(let paths) where spec.isPath:
        return (spec.name, .array(paths.map { .string(AbsolutePath.of($0)) }))
      default: return (spec.name, value.recorded)
      }
    }
  }

  /// The same as an object.
  package var recordedOptions: JSONObject {
    var options = JSONObject()
    for (name, value) in recorded { options[name] = value }
    return options
  }

  /// The names of the options with a value that names one file.
  package var fileOptions: [String] {
    specs.filter { $0.isRecorded && filePath(of: $0.name) != nil }.map(\.name)
  }

  /// The path that the option's value names; nil where it names no file.
  package func filePath(of name: String) -> String? {
    let spec = spec(name)
    guard let value = entries[spec.name]?.value else { return nil }
    if case .text(let path) = value, spec.isPath { return path }
    return value.namedFile
  }

  // MARK: Values

  /// Whether a flag was given.
  package subscript(key: OptionKey<Bool>) -> Bool { self[optional: key] ?? false }

  /// The value of an option that has a default, or that the parser insists on.
  package subscript<Value>(key: OptionKey<Value>) -> Value {
    guard let value = self[optional: key] else {
      requirementFailed(
        "expected '\(key.name)' of '\(commandName)' to have a default, got none")
    }
    return value
  }

  /// The value of an option, nil where it has none.
  package subscript<Value>(optional key: OptionKey<Value>) -> Value? {
    guard let value = entries[spec(key.name).name]?.value else { return nil }
    guard let typed = value.content as? Value else {
      requirementFailed(
        "expected '\(key.name)' of '\(commandName)' to be \(Value.self), got \(value)")
    }
    return typed
  }

  /// The value of an option without a default that this command cannot do without, or not without `other`.
  ///
  /// - Throws: `UsageError.missing`.
  package func required<Value>(
    _ key: OptionKey<Value>, or other: OptionKey<String>? = nil
  ) throws -> Value {
    guard let value = self[optional: key] else {
      throw UsageError.missing(
        spec(key.name), command: commandName, or: other.map { spec($0.name) })
    }
    return value
  }

  // MARK: What only a command can reject

  /// The error for a value that its kind accepts and the command cannot use: `accepted` completes
  /// "must be …".
  package func rejection(of name: String, accepted: String) -> UsageError {
    let entry = entries[spec(name).name]
    return .rejected(
      spec(name), value: entry?.text ?? "", origin: entry?.origin ?? .builtIn, accepted: accepted)
  }

  package func rejection<Value>(of key: OptionKey<Value>, accepted: String) -> UsageError {
    rejection(of: key.name, accepted: accepted)
  }

  /// The error for a value that its kind accepts and that `reason` says more about.
  package func rejection<Value>(of key: OptionKey<Value>, because reason: any Error) -> UsageError {
    let entry = entries[spec(key.name).name]
    return .rejectedBecause(
      spec(key.name), value: entry?.text ?? "", origin: entry?.origin ?? .builtIn, reason: reason)
  }

  /// The text that an option's value was read from; empty when it has none.
  package func text(of name: String) -> String { entries[spec(name).name]?.text ?? "" }
  package func text<Value>(of key: OptionKey<Value>) -> String { text(of: key.name) }

  // MARK: Private

  private func spec(_ name: String) -> OptionSpec {
    guard let spec = specs.first(where: { $0.name == name }) else {
      requirementFailed("expected an option of '\(commandName)', got '\(name)'")
    }
    return spec
  }
}
