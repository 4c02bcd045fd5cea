import UnrollText

extension Command {
  /// `unroll completions SHELL`.
  package static func completions(of table: @escaping @Sendable () -> CommandTable) -> Command {
    Command(
      name: "completions",
      arguments: [
        .argument(.shell, .shell, "the shell to complete in: bash, zsh or fish"),
        .argument(
          .words, .repeatedTexts(allowsEmpty: true), default: .described("prints the script"),
          "words of a command line, after --, of which the last is to be completed"),
      ],
      summary: "prints a script with which bash, zsh or fish complete unroll's command lines",
      discussion: """
        tools/install puts the scripts where the shells look for them. Without it, source the script \
        in the shell's start-up file. The script asks the program that is typed, so it need not be \
        made anew for another version.

        With words after --, the completions of the last of them are printed, as the scripts read \
        them: a line of words, and files or folders where those are accepted; then a line for each \
        text with its meaning behind a tab.
        """,
      examples: [
        Example(line: "source <(unroll completions bash)", explanation: "in ~/.bashrc"),
        Example(
          line: "source <(unroll completions zsh)", explanation: "in ~/.zshrc, after compinit"),
        Example(
          line: "unroll completions fish > ~/.config/fish/completions/unroll.fish",
          explanation: "fish looks there by itself"),
      ], computes: false
    ) { arguments, terminal in
      guard let words = arguments[optional: .words] else {
        terminal.print(arguments[.shell].script)
        return .done
      }
      let completion = CommandLineCompletion(of: words, in: table())
      let header = ["words"] + (completion.paths.map { [$0.rawValue] } ?? [])
      // bash shows no meanings.
      let lines = completion.suggestions.map {
        arguments[.shell] == .bash || $0.summary.isEmpty ? $0.text : "\($0.text)\t\($0.summary)"
      }
      terminal.print(([header.joined(separator: " ")] + lines).joined(separator: "\n"))
      return .done
    }
  }
}

extension OptionKey<Shell> {
  fileprivate static var shell: OptionKey { OptionKey("shell") }
}

extension OptionForm<Shell> {
  fileprivate static var shell: Self {
    custom(
      accepted: Shell.allCases.map(\.rawValue).listed("or"), normalize: { $0.lowercased() }
    ) { Shell(rawValue: $0) }
    .suggesting { _ in Shell.allCases.map { Suggestion($0.rawValue) } }
  }
}

extension OptionKey<[String]> {
  fileprivate static var words: OptionKey { OptionKey("words") }
}
