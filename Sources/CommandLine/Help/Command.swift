import UnrollFileFormats
import UnrollText

/// One command of the program: what it takes, what help says about it, and what it does.
package struct Command: Sendable {
  package struct Example: Sendable {
    /// As typed, from `unroll` on.
    package let line: String
    package let explanation: String

    package init(line: String, explanation: String) {
      self.line = line
      self.explanation = explanation
    }
  }

  /// A command whose `config.json` another command reads.
  package struct ForeignConfig: Sendable {
    package let command: String
    /// Its options that are passed over, because they say nothing here.
    package let unused: Set<String>
    /// Those of them that the user is told of where they have a value.
    package let told: Set<String>

    package init(
      of command: String, passingOver unused: Set<String>, telling told: Set<String> = []
    ) {
      self.command = command
      self.unused = unused
      self.told = told
    }
  }

  package let name: String
  /// Arguments given by their place, in order (`OptionSpec.argument`).
  package let arguments: [OptionSpec]
  /// One line for the list of commands, without a full stop.
  package let summary: String
  /// Paragraphs for the command's own page, between blank lines; may be empty.
  package let discussion: String
  package let examples: [Example]
  package let options: [OptionSpec]
  /// The options that may have other values when a run with these options is resumed, by the names of
  /// the options given with `--resume`.
  package let freeOnResume: @Sendable (_ options: JSONObject, _ given: Set<String>) -> Set<String>
  /// Whether `--config` reads files of the command itself, as it does unless the command writes none.
  package let readsOwnConfig: Bool
  /// The other commands whose files `--config` reads as well.
  package let configsOf: [ForeignConfig]
  /// What to type to compare the values of a list (`0.1,0.2`) that was given to an option of one value; nil
  /// where the text is no such list.
  package let comparing: @Sendable (OptionSpec, String) -> String?
  /// Whether processes that were started together share the command's work. Other commands run in the
  /// first process alone.
  package let sharesWork: Bool
  /// Whether the command does arithmetic whose results matter.
  package let computes: Bool
  package let run: @Sendable (Arguments, Terminal) throws -> ExitStatus

  package init(
    name: String, arguments: [OptionSpec] = [], summary: String, discussion: String = "",
    examples: [Example] = [], options: [OptionSpec] = [],
    freeOnResume: @escaping @Sendable (_ options: JSONObject, _ given: Set<String>) -> Set<String> =
      {
        _, _ in []
      },
    readsOwnConfig: Bool = true,
    configsOf: [ForeignConfig] = [],
    comparing: @escaping @Sendable (OptionSpec, String) -> String? = { _, _ in nil },
    sharesWork: Bool = false,
    computes: Bool = true,
    run: @escaping @Sendable (Arguments, Terminal) throws -> ExitStatus
  ) {
    let names = (arguments + options).map(\.name)
    require(
      Set(names).count == names.count, "expected options with different names, got \(names)")
    self.name = name
    self.arguments = arguments
    self.summary = summary
    self.discussion = discussion
    self.examples = examples
    self.options = options
    self.freeOnResume = freeOnResume
    self.readsOwnConfig = readsOwnConfig
    self.configsOf = configsOf
    self.comparing = comparing
    self.sharesWork = sharesWork
    self.computes = computes
    self.run = run
  }

  /// The arguments, then the options by their groups, in the order of help; none is empty.
  package var rowsByGroup: [(title: String, rows: [OptionSpec])] {
    let options = Set(options.map(\.group)).sorted { $0.rank < $1.rank }.map { group in
      (title: group.title, rows: self.options.filter { $0.group == group })
    }
    return (arguments.isEmpty ? [] : [(title: "arguments", rows: arguments)]) + options
  }

  /// `train TASK`; an argument that may be left out stands in brackets.
  package var usage: String {
    let words = arguments.map { $0.defaultValue.shown == nil ? $0.label : "[\($0.label)]" }
    return ([name] + words).joined(separator: " ")
  }
}
