/// A text that a shell may offer, with a few words on what it stands for.
package struct Suggestion: Sendable, Equatable {
  package let text: String
  /// Shown beside the text by shells that can; may be empty.
  package let summary: String

  package init(_ text: String, _ summary: String = "") {
    self.text = text
    self.summary = summary
  }

  /// The same with `start` before the text.
  package func after(_ start: some StringProtocol) -> Suggestion {
    Suggestion(start + text, summary)
  }
}

/// What a shell can offer for the value of an option or argument.
package struct ValueSuggestions: Sendable {
  /// Names on disk, which the shell knows itself.
  package enum Paths: String, Sendable {
    case files
    case folders
  }

  /// The values that `begun` may become, one part further: `rnn/init=` for `rnn/`. Those that do not
  /// start with `begun` are left out later.
  package let values: @Sendable (_ begun: String) -> [Suggestion]
  /// Whether several values may stand between commas.
  package let isList: Bool
  package let paths: Paths?

  package init(
    isList: Bool = false, paths: Paths? = nil,
    values: @escaping @Sendable (_ begun: String) -> [Suggestion] = { _ in [] }
  ) {
    self.values = values
    self.isList = isList
    self.paths = paths
  }

  package func with(paths: Paths?) -> ValueSuggestions {
    ValueSuggestions(isList: isList, paths: paths, values: values)
  }

  /// The suggestions for the text `begun`, all of which start with it.
  package func suggestions(for begun: String) -> [Suggestion] {
    guard isList, let comma = begun.lastIndex(of: ",") else {
      return values(begun).filter { $0.text.hasPrefix(begun) }
    }
    let start = begun[...comma]
    let present = start.split(separator: ",").map(String.init)
    let element = String(begun[begun.index(after: comma)...])
    return values(element).filter { $0.text.hasPrefix(element) && !present.contains($0.text) }
      .map { $0.after(start) }
  }
}
