import UnrollFileFormats

extension JSONValue {
  /// The value as it would stand on the command line, or nil when its JSON type is not one that
  /// `kind` takes.
  package func text(for kind: OptionKind) -> String? {
    switch (kind, self) {
    case (.flag, .bool(let value)): String(value)
    case (.integer, .integer(let value)): String(value)
    case (.integer, .number(let value)): String(value)
    case (.real, .integer(let value)): String(value)
    case (.real, .number(let value)): String(value)
    case (.integerList, .array(let values)): Self.joined(values)
    case (.integerList, .integer(let value)): String(value)
    case (.textList, .array(let values)): Self.joined(values)
    case (.custom, .array(let values)): Self.joined(values)
    case (.repeatedTexts, .array(let values)): Self.joined(values, by: "\n")
    case (.repeatedTexts, .string(let value)): value
    case (.choice, .string(let value)), (.text, .string(let value)),
      (.file, .string(let value)), (.textList, .string(let value)),
      (.integerList, .string(let value)), (.custom, .string(let value)):
      value
    case (.text, .integer(let value)), (.file, .integer(let value)), (.custom, .integer(let value)):
      String(value)
    case (.text, .number(let value)), (.file, .number(let value)), (.custom, .number(let value)):
      String(value)
    default: nil
    }
  }

  private static func joined(_ values: [JSONValue], by separator: String = ",") -> String? {
    let texts = values.map { $0.text(for: .text()) }
    let accepted = texts.compactMap { $0 }
    return accepted.count == texts.count ? accepted.joined(separator: separator) : nil
  }
}

extension OptionValue {
  /// The value as `config.json` records it.
  package var recorded: JSONValue {
    switch self {
    case .flag(let value): .bool(value)
    case .integer(let value): .integer(value)
    case .real(let value): .number(value)
    case .text(let value): .string(value)
    case .integers(let values): .array(values.map { .integer($0) })
    case .texts(let values): .array(values.map { .string($0) })
    case .custom(_, let text): .string(textFromRoot ?? text)
    }
  }

  /// Whether both stand for the same setting, however it is written: `1` is `norm:1`.
  package func means(_ other: OptionValue) -> Bool {
    if case (.custom(let one, _), .custom(let other, _)) = (self, other) {
      return String(describing: one) == String(describing: other)
    }
    return recorded == other.recorded
  }
}
