/// What an option's value is when none is given.
enum OptionDefault: Sendable, Equatable {
  /// The option is simply absent.
  case none
  /// Read as if it had been given; help shows `shown` where that says more than the text.
  case value(String, shown: String? = nil)
  /// The command works it out; these words tell help what it will be.
  case described(String)
}

/// The heading under which help lists an option.
enum OptionGroup: String, Sendable, CaseIterable {
  case task = "task and data"
  case model = "model"
  case training = "training"
  case optimizer = "optimizer and learning rate"
  case measuring = "measuring"
  case run = "this run"
}

/// One option, or one argument given by its place: a row of a table that feeds the parser, the help
/// text and a run's `config.json`.
struct OptionSpec: Sendable {
  /// Without dashes: `hidden`.
  let name: String
  /// Stands for the value in help: `N`, `FILE`; empty for a flag.
  let placeholder: String
  let kind: OptionKind
  let defaultValue: OptionDefault
  /// One line for help, without a full stop.
  let summary: String
  let group: OptionGroup
  /// Whether the value belongs into `config.json`, so that a replay has it too.
  let isRecorded: Bool
  /// Whether it is given by its place (`train TASK`) instead of by `--name`.
  let isArgument: Bool

  init(
    _ name: String, _ kind: OptionKind, _ placeholder: String = "",
    default defaultValue: OptionDefault = .none, group: OptionGroup, isRecorded: Bool = true,
    isArgument: Bool = false, _ summary: String
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.summary = summary
    self.group = group
    self.isRecorded = isRecorded
    self.isArgument = isArgument
    if case .choice(let names) = kind, placeholder.isEmpty {
      let all = names.joined(separator: "|")
      self.placeholder = name.count + all.count <= 23 ? all : "NAME"
    } else {
      self.placeholder = placeholder
    }
  }

  /// An argument given by its place, shown as its name in capitals.
  static func argument(
    _ name: String, _ kind: OptionKind, default defaultValue: OptionDefault = .none,
    _ summary: String
  ) -> OptionSpec {
    OptionSpec(
      name, kind, name.uppercased(), default: defaultValue, group: .task, isArgument: true, summary)
  }

  /// The same row with another kind, default or summary for one command.
  func overriding(
    kind: OptionKind? = nil, default defaultValue: OptionDefault? = nil, summary: String? = nil
  ) -> OptionSpec {
    OptionSpec(
      name, kind ?? self.kind, placeholder, default: defaultValue ?? self.defaultValue,
      group: group, isRecorded: isRecorded, isArgument: isArgument, summary ?? self.summary)
  }

  /// How a person refers to it: `--hidden`, `TASK`.
  var label: String { isArgument ? placeholder : "--\(name)" }

  /// How it is written with its value: `--hidden N`, `--json`, `TASK`.
  var usage: String { isArgument || placeholder.isEmpty ? label : "\(label) \(placeholder)" }
}
