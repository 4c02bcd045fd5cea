import UnrollCommandLine

extension OptionForm<[String]> {
  /// `OPTION=V1,V2,…` of a sweep.
  static var variations: Self {
    repeatedTexts().suggesting { Suggestion.variation(begun: $0, isList: true) }
  }
}

extension OptionForm<String> {
  /// `OPTION=VALUE` of a sweep.
  static var setting: Self {
    text().suggesting { Suggestion.variation(begun: $0, isList: false) }
  }
}

extension Suggestion {
  /// An option of `train` that may be varied, then its values.
  fileprivate static func variation(begun: String, isList: Bool) -> [Suggestion] {
    let options = Command.train.options.filter(VariedOption.isShared)
    guard let equals = begun.firstIndex(of: "=") else {
      return options.map { Suggestion($0.name + "=", $0.summary) }
    }
    let name = begun[..<equals]
    guard let option = options.first(where: { $0.name == name }) else { return [] }
    let values = ValueSuggestions(isList: isList, values: option.suggestions.values)
    return values.suggestions(for: String(begun[begun.index(after: equals)...]))
      .map { $0.after(begun[...equals]) }
  }
}
