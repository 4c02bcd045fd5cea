import UnrollText

/// A setting's text that does not mean anything: the text, and the forms that do.
public struct InvalidSetting: Error, Equatable, Sendable {
  /// The text that was given.
  public let value: String
  /// The grammar of what is accepted, as help shows it.
  public let accepted: String

  /// The error that `value` is not one of the forms `accepted`.
  public init(value: String, accepted: String) {
    self.value = value
    self.accepted = accepted
  }
}

extension InvalidSetting {
  /// The number in `name:number` when `text` has that form and `isValid` holds for it.
  ///
  /// - Throws: ``InvalidSetting`` when a number is there but is none, or is not valid.
  public static func number(
    in text: String, after name: String, accepted: String, where isValid: (Double) -> Bool
  ) throws(InvalidSetting) -> Double? {
    guard text.hasPrefix(name + ":") else { return nil }
    guard let number = Double.written(text.dropFirst(name.count + 1)), number.isFinite,
      isValid(number)
    else { throw InvalidSetting(value: text, accepted: accepted) }
    return number
  }
}
