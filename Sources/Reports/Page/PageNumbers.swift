import Foundation
import UnrollFileFormats
import UnrollText

/// A text of a page that is a number, or several between commas: a page shows four digits of each, with all
/// of them behind.
struct PageNumbers {
  /// Shorter texts are shown as they are.
  private static let mostCharacters = 8

  /// With all digits, as it stands in the file.
  let all: String
  /// With four digits each.
  let short: String

  /// nil for a text that is something else.
  init?(_ text: String) {
    let parts = text.components(separatedBy: ", ")
    let numbers = parts.compactMap(CSVNumber.written)
    guard numbers.count == parts.count else { return nil }
    all = text
    guard text.count > Self.mostCharacters else {
      short = text
      return
    }
    short = zip(parts, numbers).map { part, number in
      part.count > Self.mostCharacters && number.isFinite ? NumberText.significant(number) : part
    }.joined(separator: ", ")
  }

  /// Whether there is more behind ``short``.
  var isShortened: Bool { short != all }

  /// The attributes of an element that shows ``short``.
  var attributes: String {
    "data-all=\"\(all.markupEscaped)\" title=\"\(all.markupEscaped)\""
  }
}
