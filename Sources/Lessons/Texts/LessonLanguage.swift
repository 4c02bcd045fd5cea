/// A language of the lessons.
public enum LessonLanguage: String, CaseIterable, Sendable, CustomStringConvertible {
  /// English.
  case english = "en"
  /// Chinese, that of the lecture notes the lessons grew from.
  case chinese = "zh"

  /// As HTML names it: `zh`.
  public var description: String { rawValue }

  /// What stands behind a word that says what follows.
  var colon: String { self == .chinese ? "：" : ": " }

  /// What stands between the parts of a line.
  var semicolon: String { self == .chinese ? "；" : "; " }

  /// A word that all lessons have, by its name in the table of texts.
  public func word(_ key: String) -> String { texts.shared(key) }

  /// `a, b and c`.
  func list(_ parts: [String]) -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
    let (comma, and) = self == .chinese ? ("、", " 和 ") : (", ", " and ")
    return parts.dropLast().joined(separator: comma) + and + last
  }

  /// All texts in the language.
  var texts: LessonTexts {
    switch self {
    case .english: Self.englishTexts
    case .chinese: Self.chineseTexts
    }
  }

  private static let englishTexts = LessonTexts(PackageResources.english_md)
  private static let chineseTexts = LessonTexts(PackageResources.chinese_md)
}
