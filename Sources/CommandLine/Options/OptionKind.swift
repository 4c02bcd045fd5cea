/// What an option takes, its values being of type `Value`.
package struct OptionForm<Value: Sendable>: Sendable {
  package let kind: OptionKind

  private init(_ kind: OptionKind) { self.kind = kind }
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
  package static func choice(_ names: [String]) -> OptionForm { OptionForm(.choice(names)) }

  /// Any text but the empty one, unless that is allowed.
  package static func text(allowsEmpty: Bool = false) -> OptionForm {
    OptionForm(.text(allowsEmpty: allowsEmpty))
  }
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

  /// Given once or several times, a text each time; none is empty.
  package static var repeatedTexts: OptionForm { OptionForm(.repeatedTexts) }
}

extension OptionForm {
  /// A form of its own.
  ///
  /// - Parameters:
  ///   - accepted: completes "must be …".
  ///   - parse: answers nil for what is not of that form, or throws an error that says more.
  package static func custom(
    accepted: String, parse: @escaping @Sendable (String) throws -> Value?
  ) -> OptionForm {
    OptionForm(.custom(accepted: accepted, parse: parse))
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
  /// Whole numbers between commas, at least one.
  case integerList(ClosedRange<Int>)
  /// Texts between commas, at least one, none empty.
  case textList
  /// Given once or several times, a text each time; none is empty. Texts are joined by line breaks.
  case repeatedTexts
  /// A form of its own. `parse` answers nil for what is not of that form, or throws a typed error
  /// that says more; `accepted` completes "must be …".
  case custom(accepted: String, parse: @Sendable (String) throws -> (any Sendable)?)
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
    case .flag, .integer, .real, .choice, .text, .repeatedTexts: false
    }
  }

  /// Whether the option may be given several times.
  var repeats: Bool { if case .repeatedTexts = self { true } else { false } }

  /// Reads a value from `text`; nil when the text is not accepted. A flag accepts `true` and
  /// `false`, for `config.json`; the parser never hands it a text from the command line.
  ///
  /// - Throws: what a `custom` kind's parser throws.
  package func value(from text: String) throws -> OptionValue? {
    switch self {
    case .flag:
      return Bool(text).map { .flag($0) }
    case .integer(let range):
      return Self.integer(text, in: range).map { .integer($0) }
    case .real(let range):
      guard let number = Double(text), range.contains(number) else { return nil }
      return .real(number)
    case .choice(let names):
      return names.contains(text) ? .text(text) : nil
    case .text(let allowsEmpty):
      return allowsEmpty || !text.isEmpty ? .text(text) : nil
    case .integerList(let range):
      let numbers = Self.elements(of: text).map { Self.integer($0, in: range) }
      let accepted = numbers.compactMap { $0 }
      return accepted.count == numbers.count ? .integers(accepted) : nil
    case .textList:
      let elements = Self.elements(of: text)
      return elements.contains("") ? nil : .texts(elements)
    case .repeatedTexts:
      let texts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return texts.contains("") ? nil : .texts(texts)
    case .custom(_, let parse):
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
