import UnrollFileFormats
import UnrollText

/// Reads a command's words into checked `Arguments`.
///
/// Options are `--name value` or `--name=value`, flags `--name`; everything after `--` is an
/// argument. A value may begin with one dash (`--solve-at -1`) but not with two; write
/// `--name=--value` for such a one. An option given twice is an error, because whichever were to win
/// would surprise somebody; those that may be repeated collect their texts.
package struct ArgumentParser {
  package enum Outcome {
    /// `--help` was among the words.
    case help
    case arguments(Arguments)
  }

  package let command: Command
  package let readConfig: ConfigFile.Reader
  package let readCheckpoint: ConfigFile.Reader

  package init(
    command: Command, readConfig: @escaping ConfigFile.Reader = ConfigFile.read,
    readCheckpoint: @escaping ConfigFile.Reader = ConfigFile.readCheckpoint
  ) {
    self.command = command
    self.readConfig = readConfig
    self.readCheckpoint = readCheckpoint
  }

  /// - Throws: `UsageError`, or `ConfigFileError` for the file given to `--config`.
  package func parse(_ words: [String]) throws -> Outcome {
    let ownWords = words.prefix { $0 != "--" }
    guard !ownWords.contains("--help"), !ownWords.contains("-h") else { return .help }

    var given = try split(words)
    var notices: [String] = []
    if case .text(let path)? = given["config"]?.value {
      let config = try readConfig(path)
      try fill(&given, from: config, at: path)
      notices += [notice(of: config, at: path)].compactMap(\.self)
    }
    if case .text(let path)? = given["resume"]?.value {
      let config = try readCheckpoint(path)
      try requireSameSettings(given, as: config.options, at: path)
      try fill(&given, from: config, at: path)
    }
    try fillDefaults(&given)
    return .arguments(
      Arguments(
        commandName: command.name, specs: command.arguments + command.options, entries: given,
        notices: notices))
  }

  // MARK: The command line

  private func split(_ words: [String]) throws -> [String: Arguments.Entry] {
    var given: [String: Arguments.Entry] = [:]
    var openArguments = command.arguments[...]
    var rest = words[...]
    var optionsEnded = false
    var last: (spec: OptionSpec, text: String)?

    while let word = rest.popFirst() {
      if optionsEnded || !word.hasPrefix("-") || word == "-" {
        guard let argument = openArguments.first else {
          throw UsageError.unexpectedArgument(
            word, command: command.name, meant: optionMeant(by: word, after: last))
        }
        if !argument.kind.repeats { openArguments.removeFirst() }
        try add(word, to: argument, in: &given)
      } else if word == "--" {
        optionsEnded = true
      } else {
        let (spec, attached) = try option(in: word)
        guard given[spec.name] == nil || spec.kind.repeats else {
          throw UsageError.givenTwice(spec)
        }
        let text = try value(of: spec, attached: attached, rest: &rest)
        try add(text, to: spec, in: &given)
        last = (spec, text)
      }
    }
    return given
  }

  private func add(
    _ text: String, to spec: OptionSpec, in given: inout [String: Arguments.Entry]
  ) throws {
    let before = given[spec.name].map { $0.text + "\n" } ?? ""
    do {
      given[spec.name] = try Arguments.Entry(spec, before + text, .commandLine)
    } catch {
      guard let remedy = command.comparing(spec, text) else { throw error }
      throw UsageError.listForOneValue(error, remedy: remedy)
    }
  }

  /// What a word that no argument takes was meant for: one more value of the list before it, or the
  /// choice of an option (`--task adding`).
  private func optionMeant(by word: String, after last: (spec: OptionSpec, text: String)?)
    -> String?
  {
    if let (spec, text) = last, spec.kind.takesList {
      let list = "\(text),\(word)"
      if (try? spec.kind.value(from: list)).flatMap(\.self) != nil {
        return "\(spec.label) \(list.shown)"
      }
    }
    let spec = command.options.first { spec in
      if case .choice(let names) = spec.kind { names.contains(word) } else { false }
    }
    return spec.map { "\($0.label) \(word)" }
  }

  /// The option a word like `--hidden` or `--hidden=64` names, and the value attached to it.
  private func option(in word: String) throws -> (spec: OptionSpec, attached: String?) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let written = String(parts[0])
    guard let spec = command.options.first(where: { "--\($0.name)" == written }) else {
      if let argument = command.arguments.first(where: { "--\($0.name)" == written }) {
        throw UsageError.optionForArgument(
          argument, command: command.name, value: parts.count == 2 ? String(parts[1]) : nil)
      }
      let names = command.options.map(\.name) + ["help"]
      let renamed = command.options.first { $0.formerName.map { "--\($0)" } == written }
      throw UsageError.unknownOption(
        written, nearest: renamed?.name ?? NearestOption.of(written, among: names))
    }
    return (spec, parts.count == 2 ? String(parts[1]) : nil)
  }

  private func value(
    of spec: OptionSpec, attached: String?, rest: inout ArraySlice<String>
  ) throws -> String {
    if case .flag = spec.kind {
      guard attached == nil else { throw UsageError.valueForFlag(spec, value: attached ?? "") }
      return "true"
    }
    if let attached { return attached }
    guard let next = rest.first, !next.hasPrefix("--") else {
      throw UsageError.missingValue(spec)
    }
    rest.removeFirst()
    return next
  }

  // MARK: The config file and the defaults

  private func fill(
    _ given: inout [String: Arguments.Entry], from config: ConfigFile, at path: String
  ) throws {
    let specs = (command.arguments + command.options).filter { $0.name != "config" }
    let unused = passedOver(of: config)
    // Sorted, so that of two mistakes the same one is reported each time.
    for (key, value) in config.options.sorted(by: { $0.key < $1.key }) where !unused.contains(key) {
      guard let spec = specs.first(where: { $0.name == key || $0.formerName == key }) else {
        let accepted =
          (command.readsOwnConfig ? [command.name] : []) + command.configsOf.map(\.command)
        if let other = config.command, !accepted.contains(other) {
          throw ConfigFileError.otherCommand(
            path: path, of: other, command: accepted.listed("or"))
        }
        throw ConfigFileError.unknownKey(
          path: path, key: key, command: command.name,
          nearest: NearestOption.of(key, among: specs.map(\.name)))
      }
      guard given[spec.name] == nil, value != .null else { continue }
      given[spec.name] = try Arguments.Entry(spec, value, at: path)
    }
  }

  /// The options of another command's file that say nothing here. A file that does not say whose it is may
  /// be any command's: an option that this command has is then taken for its own.
  private func passedOver(of config: ConfigFile) -> Set<String> {
    let unused = sources(of: config).reduce(into: Set()) { $0.formUnion($1.unused) }
    return config.command == nil ? unused.subtracting(command.options.map(\.name)) : unused
  }

  /// The other commands that the file may be of.
  private func sources(of config: ConfigFile) -> [Command.ForeignConfig] {
    command.configsOf.filter { config.command == nil || $0.command == config.command }
  }

  /// What the user is to know of options in the file at `path` that are passed over; nil where there is
  /// nothing.
  private func notice(of config: ConfigFile, at path: String) -> String? {
    let told = sources(of: config).reduce(into: Set()) { $0.formUnion($1.told) }
      .intersection(passedOver(of: config))
    let found = config.options.filter { key, value in
      told.contains(key) && value != .null && value != .bool(false)
    }.map { "--\($0.key)" }.sorted()
    guard !found.isEmpty else { return nil }
    return
      "\(found.listed("and")) of \(path.escaped) \(found.count == 1 ? "says" : "say") nothing to unroll "
      + "\(command.name), and \(found.count == 1 ? "is" : "are") passed over"
  }

  /// Refuses what was given on the command line where a resumed run was made with another value. An
  /// option that the run was not given, and whose default the command works out, is left to the
  /// command: see ``Arguments/typedWhereDefaultsHeld(in:)``.
  ///
  /// - Throws: `ConfigFileError.otherSetting`.
  private func requireSameSettings(
    _ given: [String: Arguments.Entry], as options: JSONObject, at path: String
  ) throws {
    let free = command.freeOnResume(options, Set(given.keys))
    for spec in command.arguments + command.options where spec.isRecorded {
      guard let entry = given[spec.name], !free.contains(spec.name) else { continue }
      let saved = spec.value(in: options)?.text(for: spec.kind)
      if saved == nil, case .described = spec.defaultValue { continue }
      let savedValue = try saved.map { try Arguments.Entry(spec, $0, .config(path: path)).value }
      guard let savedValue, savedValue.means(entry.value) else {
        throw ConfigFileError.otherSetting(
          path: path, label: spec.label, saved: saved ?? "its default", given: entry.text)
      }
    }
  }

  private func fillDefaults(_ given: inout [String: Arguments.Entry]) throws {
    for spec in command.arguments + command.options where given[spec.name] == nil {
      if let text = spec.defaultValue.text {
        given[spec.name] = try Arguments.Entry(spec, text, .builtIn)
      } else if spec.isArgument, case .none = spec.defaultValue {
        throw UsageError.missing(spec, command: command.name)
      }
    }
  }
}
