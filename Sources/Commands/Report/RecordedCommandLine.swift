import UnrollCommandLine
import UnrollFileFormats
import UnrollText

/// The command line that makes a run again, from what its `config.json` records.
enum RecordedCommandLine {
  /// The command and every recorded option whose value is not the default, in the order of help; options
  /// that the command does not have last. `unroll` parses it to the same settings.
  static func text(command name: String, options: JSONObject) -> String {
    let command = try? CommandTable.all.command(named: name)
    let specs = (command?.arguments ?? []) + (command?.options ?? [])
    var words = ["unroll", name.shellWord]
    for spec in specs where spec.isRecorded {
      guard let value = spec.value(in: options) else { continue }
      words += Self.words(spec, value)
    }
    let known = Set(specs.flatMap { [$0.name, $0.formerName].compactMap(\.self) })
    for (name, value) in options where !known.contains(name) {
      if value == .bool(true) { words.append("--\(name)".shellWord) }
      guard let text = value.text(for: .textList) ?? value.text(for: .text()) else { continue }
      words += Self.words("--\(name)", text)
    }
    return words.joined(separator: " ")
  }

  private static func words(_ spec: OptionSpec, _ value: JSONValue) -> [String] {
    guard let text = value.text(for: spec.kind), !isDefault(text, of: spec) || spec.isArgument
    else {
      return []
    }
    if case .flag = spec.kind { return text == "true" ? ["--\(spec.name)"] : [] }
    let texts: [String]
    if case .repeatedTexts = spec.kind {
      texts = text.split(separator: "\n").map(String.init)
    } else {
      texts = [text]
    }
    return texts.flatMap { text in
      spec.isArgument ? [text.shellWord] : Self.words("--\(spec.name)", text)
    }
  }

  /// An option with its value. One that looks like an option is read as one unless it is attached.
  private static func words(_ option: String, _ text: String) -> [String] {
    text.hasPrefix("-")
      ? ["\(option)=\(text)".shellWord] : [option.shellWord, text.shellWord]
  }

  private static func isDefault(_ text: String, of spec: OptionSpec) -> Bool {
    guard let standard = spec.defaultValue.text,
      let own = try? spec.kind.value(from: text),
      let other = try? spec.kind.value(from: standard)
    else { return false }
    return own.means(other)
  }
}
