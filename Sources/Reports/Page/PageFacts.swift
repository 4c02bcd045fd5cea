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
      "<div><dt>\(name.markupEscaped)</dt><dd>\(Self.markup(value))</dd></div>"
    }
    return """
      <details class="table"\(isOpen ? " open" : "")><summary>\(title.markupEscaped)</summary>
      <dl>\(entries.joined())</dl></details>
      """
  }

  private static func markup(_ value: String) -> String {
    guard let numbers = PageNumbers(value), numbers.isShortened else { return value.markupEscaped }
    return "<span \(numbers.attributes)>\(numbers.short)</span>"
  }
}
