import UnrollFileFormats
import UnrollText

/// Names and values of a page, side by side as far as there is room.
struct PageFacts {
  let title: String
  /// In the order in which they are shown.
  let facts: [(name: String, value: String)]
  /// Whether they show before a click on the title.
  var isOpen = true

  var html: String {
    let entries = facts.map { name, value in
      "<div><dt>\(name.markupEscaped)</dt><dd>\(Self.shown(value))</dd></div>"
    }
    return """
      <details class="table"\(isOpen ? " open" : "")><summary>\(title.markupEscaped)</summary>
      <dl>\(entries.joined())</dl></details>
      """
  }

  /// A number in four digits, with all of them behind.
  private static func shown(_ text: String) -> String {
    guard let number = CSVNumber.written(text), number.isFinite, text.count > 8 else {
      return text.markupEscaped
    }
    return "<span data-all=\"\(text)\" title=\"\(text)\">\(NumberText.significant(number))</span>"
  }
}
