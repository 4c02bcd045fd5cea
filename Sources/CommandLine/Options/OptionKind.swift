import UnrollFileFormats
import UnrollText

/// What an option takes, its values being of type `Value`.
package struct OptionForm<Value: Sendable>: Sendable {
  package let kind: OptionKind
  /// What shells offer.
  package let suggestions: ValueSuggestions

  private init(_ kind: OptionKind, _ suggestions: ValueSuggestions = ValueSuggestions()) {
    self.kind = kind
    self.suggestions = suggestions
  }

  /// The same form, for which shells offer what `values` makes of the text begun.
  package func suggesting(
    isList: Bool = false, _ values: @escaping @Sendable (_ begun: String) -> [Suggestion]
  ) -> OptionForm {
    OptionForm(
      kind, ValueSuggestions(isList: isList, paths: suggestions.paths, values: values))
  }
}

extension OptionForm where Value == Bool {
  /// Given or not; takes no value.
  package static var flag: OptionForm { OptionForm(.flag) }
}

extension OptionForm where Value == Int {
  package static func integer(_ range: ClosedRange<Int>) -> OptionForm {
    OptionForm(.integer(range))
  }
}

extension OptionForm where Value == Double {
  package static func real(_ range: RealRange) -> OptionForm { OptionForm(.real(range)) }
}

extension OptionForm where Value == String {
  package static func choice(_ names: [String]) -> OptionForm {
    OptionForm(.choice(names)).suggesting { _ in names.map { Suggestion($0) } }
  }

  /// Any text but the empty one, unless that is allowed.
  package static func text(allowsEmpty: Bool = false) -> OptionForm {
    OptionForm(.text(allowsEmpty: allowsEmpty))
  }

  /// A file's path, or that of a folder in which it is called `name`.
  package static func file(named name: String) -> OptionForm { OptionForm(.file(named: name)) }
}

extension OptionForm where Value == [Int] {
  /// Whole numbers between commas, at least one.
  package static func integers(_ range: ClosedRange<Int>) -> OptionForm {
    OptionForm(.integerList(range))
  }
}

extension OptionForm where Value == [String] {
  /// Texts between commas, at least one, none empty.
  package static var texts: OptionForm { OptionForm(.textList) }

  /// Given once or several times, a text each time; none is empty, unless that is allowed.
  package static func repeatedTexts(allowsEmpty: Bool = false) -> OptionForm {
    OptionForm(.repeatedTexts(allowsEmpty: allowsEmpty))
  }
}

extension OptionForm {
  /// A form of its own.
  ///
  /// - Parameters:
  ///   - accepted: completes "must be …".
  ///   - normalize: the text as it is parsed and recorded: letters of names are small there.
  ///   - parse: answers nil for what is not of that form, or throws an error that says more.
  package static func custom(
    accepted: String, normalize: @escaping @Sendable (String) -> String = { $0 },
    parse: @escaping @Sendable (String) throws -> Value?
  ) -> OptionForm {
    let paths: ValueSuggestions.Paths? = Value.self is any FileNaming.Type ? .files : nil
    return OptionForm(
      .custom(accepted: accepted, normalize: normalize, parse: parse),
      ValueSuggestions(paths: paths))
  }
}

/// What an option takes, whatever the type of its values.
package enum OptionKind: Sendable {
  /// Given or not; takes no value.
  case flag
  case integer(ClosedRange<Int>)
  case real(RealRange)
  case choice([String])
  /// Any text but the empty one, unless that is allowed.
  case text(allowsEmpty: Bool = false)
  /// A file's path, or that of a folder in which it is called `named`.
  case file(named: String)
  /// Whole numbers between commas, at least one.
  case integerList(ClosedRange<Int>)
  /// Texts between commas, at least one, none empty.
  case textList
  /// Given once or several times, a text each time; none is empty, unless that is allowed. Texts are
  /// joined by line breaks.
  case repeatedTexts(allowsEmpty: Bool = false)
  /// A form of its own. `parse` answers nil for what is not of that form, or throws a typed error
  /// that says more; `accepted` completes "must be …".
  case custom(
    accepted: String, normalize: @Sendable (String) -> String,
    parse: @Sendable (String) throws -> (any Sendable)?)
}

/// An option's value after it was checked.
package enum OptionValue: Sendable {
  case flag(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case integers([Int])
  case texts([String])
  /// A `custom` kind's value, and the text it was read from.
  case custom(any Sendable, text: String)
}

extension OptionValue {
  /// The value itself, of the type of its option's key.
  package var content: any Sendable {
    switch self {
    case .flag(let value): value
    case .integer(let value): value
    case .real(let value): value
    case .text(let value): value
    case .integers(let values): values
    case .texts(let values): values
    case .custom(let value, _): value
    }
  }
}

extension OptionKind {
  /// Whether the option may take several values between commas.
  var takesList: Bool {
    switch self {
    case .integerList, .textList, .custom: true
    case .flag, .integer, .real, .choice, .text, .file, .repeatedTexts: false
    }
  }

  /// Whether the option may be given several times.
  var repeats: Bool { if case .repeatedTexts = self { true } else { false } }

  /// The text in the one way in which files have it: `1000` for `1e3`, `adam` for `Adam`, a file for the
  /// folder that has it. Text that is not accepted comes back as it is.
  package func normalized(_ text: String) -> String {
    switch self {
    case .integer:
      return Int(written: text).map { String($0) } ?? text
    case .integerList:
      return Self.elements(of: text).map { Int(written: $0).map { String($0) } ?? $0 }
        .joined(separator: ",")
    case .choice(let names):
      return names.first { $0.lowercased() == text.lowercased() } ?? text
    case .file(let name):
      let file = text.hasSuffix("/") ? text + name : "\(text)/\(name)"
      let isHeld = FileKind(atPath: text) == .directory && FileKind(atPath: file) == .regular
      return isHeld ? file : text
    case .custom(_, let normalize, _):
      return normalize(text)
    case .flag, .real, .text, .textList, .repeatedTexts:
      return text
    }
  }

  /// Reads a value from `text`, after ``normalized(_:)``; nil when the text is not accepted. A flag
  /// accepts `true` and `false`, for `config.json`; the parser never hands it a text from the command
  /// line.
  ///
  /// - Throws: what a `custom` kind's parser throws.
  package func value(from text: String) throws -> OptionValue? {
    let text = normalized(text)
    switch self {
    case .flag:
      return Bool(text).map { .flag($0) }
    case .integer(let range):
      return Self.integer(text, in: range).map { .integer($0) }
    case .real(let range):
      guard let number = Double.written(text), range.contains(number) else { return nil }
      return .real(number)
    case .choice(let names):
      return names.contains(text) ? .text(text) : nil
    case .text(let allowsEmpty):
      return allowsEmpty || !text.isEmpty ? .text(text) : nil
    case .file:
      return text.isEmpty || FileKind(atPath: text) == .directory ? nil : .text(text)
    case .integerList(let range):
      let numbers = Self.elements(of: text).map { Self.integer($0, in: range) }
      let accepted = numbers.compactMap { $0 }
      return accepted.count == numbers.count ? .integers(accepted) : nil
    case .textList:
      let elements = Self.elements(of: text)
      return elements.contains("") ? nil : .texts(elements)
    case .repeatedTexts(let allowsEmpty):
      let texts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return !allowsEmpty && texts.contains("") ? nil : .texts(texts)
    case .custom(_, _, let parse):
      return try parse(text).map { .custom($0, text: text) }
    }
  }

  private static func integer(_ text: String, in range: ClosedRange<Int>) -> Int? {
    guard let number = Int(text), range.contains(number) else { return nil }
    return number
  }

  private static func elements(of list: String) -> [String] {
    list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}
