import UnrollFileFormats

/// Where an option's value came from.
enum ValueOrigin: Sendable, Equatable {
  case commandLine
  case config(path: String)
  case builtIn
}

/// A command's options and arguments after every one was checked.
///
/// Asking for a name the command does not have, or for another type than its kind gives, is a
/// programmer's mistake and traps.
struct Arguments: Sendable {
  struct Entry: Sendable {
    let value: OptionValue
    /// The text the value was read from.
    let text: String
    let origin: ValueOrigin
  }

  let commandName: String
  let specs: [OptionSpec]
  let entries: [String: Entry]

  init(commandName: String, specs: [OptionSpec], entries: [String: Entry]) {
    self.commandName = commandName
    self.specs = specs
    self.entries = entries
  }

  // MARK: What was given

  /// Whether the command has an option or argument named `name`.
  func has(_ name: String) -> Bool { specs.contains { $0.name == name } }

  /// Whether `name` was given on the command line or in the config file.
  func wasGiven(_ name: String) -> Bool {
    guard let entry = entries[spec(name).name] else { return false }
    return entry.origin != .builtIn
  }

  /// Whether `name` was given on the command line itself.
  func wasTyped(_ name: String) -> Bool { entries[spec(name).name]?.origin == .commandLine }

  /// Whether `name` has a value, be it its default.
  func wasSettled(_ name: String) -> Bool { entries[spec(name).name] != nil }

  /// Whether the flag `name` exists and was given.
  func isSet(_ name: String) -> Bool { has(name) && flag(name) }

  /// What `config.json` records: every option and argument with a value, in the command's order.
  var recorded: [(name: String, value: JSONValue)] {
    specs.filter(\.isRecorded).compactMap { spec in
      entries[spec.name].map { (spec.name, $0.value.recorded) }
    }
  }

  // MARK: Values

  func flag(_ name: String) -> Bool {
    switch entries[spec(name).name]?.value {
    case nil: false
    case .flag(let value): value
    case let other?: wrongType(name, "a flag", other)
    }
  }

  func optionalInteger(_ name: String) -> Int? {
    switch entries[spec(name).name]?.value {
    case nil: nil
    case .integer(let value): value
    case let other?: wrongType(name, "a whole number", other)
    }
  }

  func optionalReal(_ name: String) -> Double? {
    switch entries[spec(name).name]?.value {
    case nil: nil
    case .real(let value): value
    case let other?: wrongType(name, "a number", other)
    }
  }

  /// The text of a `text` or `choice` option.
  func optionalText(_ name: String) -> String? {
    switch entries[spec(name).name]?.value {
    case nil: nil
    case .text(let value): value
    case let other?: wrongType(name, "a text", other)
    }
  }

  func optionalIntegers(_ name: String) -> [Int]? {
    switch entries[spec(name).name]?.value {
    case nil: nil
    case .integers(let values): values
    case let other?: wrongType(name, "a list of whole numbers", other)
    }
  }

  func optionalTexts(_ name: String) -> [String]? {
    switch entries[spec(name).name]?.value {
    case nil: nil
    case .texts(let values): values
    case let other?: wrongType(name, "a list of texts", other)
    }
  }

  /// The value of a `custom` option.
  func optionalValue<Value>(_ name: String, as type: Value.Type = Value.self) -> Value? {
    switch entries[spec(name).name]?.value {
    case nil: return nil
    case .custom(let value as Value, _)?: return value
    case let other?: wrongType(name, "\(type)", other)
    }
  }

  // The same for options that have a default, or that the parser insists on.

  func integer(_ name: String) -> Int { present(name, optionalInteger(name)) }
  func real(_ name: String) -> Double { present(name, optionalReal(name)) }
  func text(_ name: String) -> String { present(name, optionalText(name)) }
  func choice(_ name: String) -> String { present(name, optionalText(name)) }
  func integers(_ name: String) -> [Int] { present(name, optionalIntegers(name)) }
  func texts(_ name: String) -> [String] { present(name, optionalTexts(name)) }
  func value<Value>(_ name: String, as type: Value.Type = Value.self) -> Value {
    present(name, optionalValue(name, as: type))
  }

  /// The text of an option without a default that this command cannot do without.
  ///
  /// - Throws: `UsageError.missing`.
  func requiredText(_ name: String) throws -> String {
    guard let text = optionalText(name) else {
      throw UsageError.missing(spec(name), command: commandName)
    }
    return text
  }

  // MARK: What only a command can reject

  /// The error for a value that its kind accepts and the command cannot use: `accepted` completes
  /// "must be …".
  func rejection(of name: String, accepted: String) -> UsageError {
    let entry = entries[spec(name).name]
    return .rejected(
      spec(name), value: entry?.text ?? "", origin: entry?.origin ?? .builtIn, accepted: accepted)
  }

  /// The error for a value that its kind accepts and that `reason` says more about.
  func rejection(of name: String, because reason: any Error) -> UsageError {
    let entry = entries[spec(name).name]
    return .rejectedBecause(
      spec(name), value: entry?.text ?? "", origin: entry?.origin ?? .builtIn, reason: reason)
  }

  /// The text that an option's value was read from; empty when it has none.
  func text(of name: String) -> String { entries[spec(name).name]?.text ?? "" }

  // MARK: Private

  private func spec(_ name: String) -> OptionSpec {
    guard let spec = specs.first(where: { $0.name == name }) else {
      preconditionFailure("expected an option of '\(commandName)', got '\(name)'")
    }
    return spec
  }

  private func present<Value>(_ name: String, _ value: Value?) -> Value {
    guard let value else {
      preconditionFailure("expected '\(name)' of '\(commandName)' to have a default, got none")
    }
    return value
  }

  private func wrongType(_ name: String, _ expected: String, _ value: OptionValue) -> Never {
    preconditionFailure("expected '\(name)' of '\(commandName)' to be \(expected), got \(value)")
  }
}
