/// What may stand in place of the last word of a command line, found from the tables of commands and
/// options.
package struct CommandLineCompletion: Sendable {
  package private(set) var suggestions: [Suggestion] = []
  /// What the shell should offer of the names on disk besides.
  package private(set) var paths: ValueSuggestions.Paths?

  /// - Parameter words: those after the program's name; the last one is being typed and may be empty.
  package init(of words: [String], in table: CommandTable) {
    guard let first = words.first, let last = words.last else { return }
    if words.count == 1 {
      suggestions = Self.firstWords(of: table).filter {
        $0.text.hasPrefix(last) && ($0.text.hasPrefix("-") == last.hasPrefix("-"))
      }
    } else if let command = table.commands.first(where: { $0.name == first }) {
      complete(last, of: command, after: words.dropFirst().dropLast())
    }
  }

  private static func firstWords(of table: CommandTable) -> [Suggestion] {
    table.commands.map { Suggestion($0.name, $0.summary) }
      + [
        Suggestion("--help", "list the commands"),
        Suggestion("--version", "print the program's version"),
      ]
  }

  /// Reads the words as `ArgumentParser` does, but takes whatever is wrong as it is.
  private mutating func complete(
    _ last: String, of command: Command, after words: ArraySlice<String>
  ) {
    var rest = words
    var given: Set<String> = []
    var openArguments = command.arguments[...]
    var optionsEnded = false
    var awaited: OptionSpec?

    while let word = rest.popFirst() {
      if optionsEnded || !word.hasPrefix("-") || word == "-" {
        if openArguments.first?.kind.repeats == false { openArguments.removeFirst() }
      } else if word == "--" {
        optionsEnded = true
      } else if let spec = command.options.first(where: { $0.label == word.upToEquals }) {
        given.insert(spec.name)
        guard spec.takesValue, !word.contains("=") else { continue }
        if rest.isEmpty {
          awaited = spec
        } else if rest.first?.hasPrefix("--") == false {
          rest.removeFirst()
        }
      }
    }

    if let awaited, !last.hasPrefix("--") {
      offer(awaited, for: last)
    } else if !optionsEnded, last.hasPrefix("-") {
      if last.contains("=") {
        offerAttached(last, of: command)
      } else {
        offerOptions(of: command, without: given, for: last)
      }
    } else if let argument = openArguments.first {
      offer(argument, for: last)
    } else if !optionsEnded, last.isEmpty {
      offerOptions(of: command, without: given, for: last)
    }
  }

  private mutating func offer(_ spec: OptionSpec, for begun: String, after start: String = "") {
    suggestions = spec.suggestions.suggestions(for: begun).map { $0.after(start) }
    paths = spec.suggestions.paths
  }

  /// The values of `--name=…`.
  private mutating func offerAttached(_ word: String, of command: Command) {
    let name = word.upToEquals
    guard let spec = command.options.first(where: { $0.label == name }), spec.takesValue
    else { return }
    offer(spec, for: String(word.dropFirst(name.count + 1)), after: name + "=")
  }

  private mutating func offerOptions(
    of command: Command, without given: Set<String>, for begun: String
  ) {
    let options = command.options.filter { !given.contains($0.name) || $0.kind.repeats }
    suggestions =
      (options.map { Suggestion($0.label, $0.brief) }
      + [Suggestion("--help", "show what \(command.name) takes")])
      .filter { $0.text.hasPrefix(begun) }
  }
}

extension OptionSpec {
  fileprivate var takesValue: Bool { if case .flag = kind { false } else { true } }

  /// The summary, or its beginning where more than a line follows.
  private static let briefLength = 60
  fileprivate var brief: String {
    guard summary.count > Self.briefLength else { return summary }
    let end = summary.firstRange(of: ": ") ?? summary.firstRange(of: "; ")
    return end.map { String(summary[..<$0.lowerBound]) } ?? summary
  }
}

extension String {
  fileprivate var upToEquals: String { String(prefix { $0 != "=" }) }
}
