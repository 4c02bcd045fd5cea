import UnrollFileFormats

/// What an option's value is when none is given.
package enum OptionDefault: Sendable {
  /// The option is simply absent.
  case none
  /// Read as if it had been given; help shows `shown` where that says more than the text.
  case value(String, shown: String? = nil)
  /// The same, found out whenever it is asked for; help shows `meaning` behind it.
  case found(@Sendable () -> String, meaning: String)
  /// The command works it out; these words tell help what it will be.
  case described(String)

  /// What is read as if it had been given; nil where nothing is.
  package var text: String? {
    switch self {
    case .none, .described: nil
    case .value(let text, _): text
    case .found(let text, _): text()
    }
  }

  /// What help says of it; nil where the option is simply absent.
  package var shown: String? {
    if case .found(let text, let meaning) = self { "\(text()), \(meaning)" } else { words }
  }

  /// The same without what depends on the machine.
  package var words: String? {
    switch self {
    case .none: nil
    case .value(let text, let shown): shown ?? text
    case .described(let words): words
    case .found(_, let meaning): meaning
    }
  }
}

/// The heading under which help lists an option.
package struct OptionGroup: Sendable, Hashable {
  package let title: String
  /// Groups of lower rank come first.
  package let rank: Int

  package init(_ title: String, rank: Int) {
    self.title = title
    self.rank = rank
  }
}

/// One option, or one argument given by its place: a row of a table that feeds the parser, the help
/// text and a run's `config.json`.
package struct OptionSpec: Sendable {
  /// Without dashes: `hidden`.
  package let name: String
  /// Represents the value in help: `N`, `FILE`; empty for a flag.
  package let placeholder: String
  package let kind: OptionKind
  package let defaultValue: OptionDefault
  /// One line for help, without a full stop.
  package let summary: String
  package let group: OptionGroup
  /// Whether the value belongs into `config.json`, so that a replay has it too.
  package let isRecorded: Bool
  /// What the option was called in earlier versions. The command line answers that name with the
  /// present one; files are read under either.
  package let formerName: String?
  /// Whether it is given by its place (`train TASK`) instead of by `--name`.
  package let isArgument: Bool
  /// Whether the value names files or folders, which files record from the root.
  package let isPath: Bool
  /// What shells offer for the value.
  package let suggestions: ValueSuggestions

  package init<Value>(
    _ key: OptionKey<Value>, _ form: OptionForm<Value>, _ placeholder: String = "",
    default defaultValue: OptionDefault = .none, group: OptionGroup, isRecorded: Bool = true,
    formerName: String? = nil, isPath: Bool = false, _ summary: String
  ) {
    self.init(
      key.name, form.kind, form.suggestions, placeholder, default: defaultValue, group: group,
      isRecorded: isRecorded, formerName: formerName, isArgument: false, isPath: isPath, summary)
  }

  private init(
    _ name: String, _ kind: OptionKind, _ suggestions: ValueSuggestions, _ placeholder: String,
    default defaultValue: OptionDefault,
    group: OptionGroup, isRecorded: Bool, formerName: String?, isArgument: Bool, isPath: Bool,
    _ summary: String
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.summary = summary
    self.group = group
    self.isRecorded = isRecorded
    self.formerName = formerName
    self.isArgument = isArgument
    self.isPath = isPath
    let named = Self.paths(namedBy: placeholder)
    self.suggestions = named == nil ? suggestions : suggestions.with(paths: named)
    if case .choice(let names) = kind, placeholder.isEmpty {
      let all = names.joined(separator: "|")
      self.placeholder = name.count + all.count <= 23 ? all : "NAME"
    } else {
      self.placeholder = placeholder
    }
  }

  /// `FILE` and `DIR` as placeholders, also in the plural or among others, stand for names on disk.
  private static func paths(namedBy placeholder: String) -> ValueSuggestions.Paths? {
    let names = placeholder.split(separator: "|")
    if names.contains("FILE") { return .files }
    return names.contains { ["DIR", "DIRS", "FOLDERS"].contains($0) } ? .folders : nil
  }

  /// An argument given by its place, shown as its name in capitals.
  package static func argument<Value>(
    _ key: OptionKey<Value>, _ form: OptionForm<Value>,
    default defaultValue: OptionDefault = .none, _ summary: String
  ) -> OptionSpec {
    OptionSpec(
      key.name, form.kind, form.suggestions, key.name.uppercased(), default: defaultValue,
      group: OptionGroup("arguments", rank: 0), isRecorded: true, formerName: nil, isArgument: true,
      isPath: false, summary)
  }

  /// The same row with another kind, default or summary for one command.
  package func overriding(
    default defaultValue: OptionDefault? = nil, summary: String? = nil
  ) -> OptionSpec {
    overriding(kind: kind, suggestions, default: defaultValue, summary: summary)
  }

  /// The same row with a form of the same kind of value, such as another range.
  package func overriding<Value>(
    form: OptionForm<Value>, default defaultValue: OptionDefault? = nil, summary: String? = nil
  ) -> OptionSpec {
    overriding(kind: form.kind, form.suggestions, default: defaultValue, summary: summary)
  }

  private func overriding(
    kind: OptionKind, _ suggestions: ValueSuggestions, default defaultValue: OptionDefault?,
    summary: String?
  ) -> OptionSpec {
    OptionSpec(
      name, kind, suggestions, placeholder, default: defaultValue ?? self.defaultValue,
      group: group,
      isRecorded: isRecorded, formerName: formerName, isArgument: isArgument, isPath: isPath,
      summary ?? self.summary)
  }

  /// How a person refers to it: `--hidden`, `TASK`.
  package var label: String { isArgument ? placeholder : "--\(name)" }

  /// How it is written with its value: `--hidden N`, `--json`, `TASK`.
  package var usage: String {
    isArgument || placeholder.isEmpty ? label : "\(label) \(placeholder)"
  }

  /// What help says of it, but for the default: the summary, and the choices where the placeholder
  /// does not list them.
  package var summaryWithChoices: String {
    guard case .choice(let names) = kind, !placeholder.contains("|") else { return summary }
    return summary + ": " + names.joined(separator: ", ")
  }

  /// The option's value among those of a file, under its present or its former name; nil where it
  /// has none there.
  package func value(in options: JSONObject) -> JSONValue? {
    options[name] ?? formerName.flatMap { options[$0] }
  }
}
