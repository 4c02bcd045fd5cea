import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// An HTML page: its style and script, and the policy that lets a browser run that script only, which it knows
/// by its hash.
package struct PageDocument {
  /// The title of the browser's window.
  package var title: String
  /// As HTML names it: `en`.
  package var language = "en"
  /// What the script says, by what it says in English.
  package var words: [String: String] = [:]
  /// HTML above the content.
  package var header = ""
  /// HTML of the content.
  package var main: String
  /// HTML below the content.
  package var footer = ""
  /// After how long the page loads itself again; nil for one that is done.
  package var secondsToReload: Int?

  /// A page of `main`.
  package init(title: String, main: String) {
    self.title = title
    self.main = main
  }

  /// What a page of `unroll report` begins with: by it a page is known for one of ours.
  package static let start = start(language: "en")

  private static func start(language: String) -> String {
    "<!DOCTYPE html>\n<html lang=\"\(language)\">\n<head>\n<meta charset=\"utf-8\">\n"
      + "<meta name=\"generator\" content=\"unroll report"
  }

  /// The page as a file holds it.
  package var html: String {
    let style = PageResource.style + ChartStyle.css
    let script = PageResource.script
    let policy =
      "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
      + "style-src '\(Self.hash(style))'; script-src '\(Self.hash(script))'"
    let reload = secondsToReload.map { " data-reload=\"\($0)\"" } ?? ""
    return """
      \(Self.start(language: language)) \(Version.current)">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title.markupEscaped)</title>
      <style>\(style)</style>
      \(secondsToReload.map { "<noscript><meta http-equiv=\"refresh\" content=\"\($0)\"></noscript>" } ?? "")
      </head>
      <body\(reload)\(wordsAttribute)>
      <header class="page">\(header)</header>
      <main>
      \(main)
      </main>
      <footer><p>\(footer)</p></footer>
      <script>\(script)</script>
      </body>
      </html>

      """
  }

  private var wordsAttribute: String {
    if words.isEmpty { return "" }
    var object: JSONObject = [:]
    for (key, value) in words.sorted(by: { $0.key < $1.key }) { object[key] = .string(value) }
    return " data-words=\"\(JSONValue.object(object).encoded().markupEscaped)\""
  }

  /// As a Content-Security-Policy names an inline script or style.
  private static func hash(_ text: String) -> String {
    var hash = SHA256()
    hash.update(text)
    return "sha256-" + Data(hash.digest()).base64EncodedString()
  }
}
