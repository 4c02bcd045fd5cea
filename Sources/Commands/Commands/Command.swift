/// One command of the program: what it takes, what help says about it, and what it does.
struct Command: Sendable {
  struct Example: Sendable {
    /// As typed, from `unroll` on.
    let line: String
    let explanation: String
  }

  let name: String
  /// Arguments given by their place, in order (`OptionSpec.argument`).
  let arguments: [OptionSpec]
  /// One line for the list of commands, without a full stop.
  let summary: String
  /// Paragraphs for the command's own page, between blank lines; may be empty.
  let discussion: String
  let examples: [Example]
  let options: [OptionSpec]
  let run: @Sendable (Arguments, Terminal) throws -> ExitStatus

  init(
    name: String, arguments: [OptionSpec] = [], summary: String, discussion: String = "",
    examples: [Example] = [], options: [OptionSpec] = [],
    run: @escaping @Sendable (Arguments, Terminal) throws -> ExitStatus
  ) {
    let names = (arguments + options).map(\.name)
    precondition(
      Set(names).count == names.count, "expected options with different names, got \(names)")
    self.name = name
    self.arguments = arguments
    self.summary = summary
    self.discussion = discussion
    self.examples = examples
    self.options = options
    self.run = run
  }

  /// `train TASK`; an argument that may be left out stands in brackets.
  var usage: String {
    let words = arguments.map { $0.defaultValue == .none ? $0.label : "[\($0.label)]" }
    return ([name] + words).joined(separator: " ")
  }
}
