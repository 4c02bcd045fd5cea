/// A page without styles, 80 columns wide, that keeps what is printed.
package final class PlainPage: TextPage {
  package private(set) var text = ""

  package init() {}

  /// What `print` prints.
  package static func text(_ print: (PlainPage) -> Void) -> String {
    let page = PlainPage()
    print(page)
    return page.text
  }

  package func print(_ text: String) { self.text += text + "\n" }

  package func styled(_ text: String, _ style: TextStyle) -> String { text }

  package var hasUnicode: Bool { true }

  package var outputColumns: Int { 80 }

  package var isJSON: Bool { false }
}
