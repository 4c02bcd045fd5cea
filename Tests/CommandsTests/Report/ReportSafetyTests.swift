import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// What stands in files is shown as text, and a browser runs nothing but the page's own script.
struct ReportSafetyTests {
  /// Markup in options, labels, columns and paths is shown as text, wherever it stands.
  @Test func textFromFilesIsEscaped() throws {
    let hostile = "</script><img src=x onerror=alert(1)>\"'&"
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn", "--length", "6")
    _ = try runs.file("run/own.csv", "label,mine\nrnn,plain\n")
    // The command line names a task that is not the usual one.
    try runs.change("run/config.json") {
      $0.replacing("\"task\": \"adding\"", with: "\"task\": \"mine\"")
    }
    let plain = try runs.report("run").page
    let field = "\"\(hostile.replacing("\"", with: "\"\""))\""
    _ = try runs.file("run/own.csv", "label,\(field)\nrnn,\(field)\n")
    try runs.change("run/decay.csv") {
      $0.replacing("rnn,rnn", with: "\(field),rnn")
    }
    let quoted = JSONValue.string(hostile).encoded()
    try runs.change("run/config.json") {
      $0.replacing("\"cells\": \"rnn\"", with: "\"cells\": \(quoted)")
        .replacing("\"task\": \"mine\"", with: "\"task\": \(quoted)")
    }
    try runs.change("run/summary.json") {
      $0.replacing("\"label\": \"rnn\"", with: "\"label\": \(quoted)")
        .replacing("\"loss_name\": \"squared error\"", with: "\"loss_name\": \(quoted)")
    }
    let (_, page) = try runs.report("run")
    // There are no more elements than before.
    #expect(page.html.count { $0 == "<" } == plain.html.count { $0 == "<" })
    #expect(!page.html.contains("<img") && !page.html.contains("onerror=alert(1)>"))
    #expect(page.names(0).contains("\(hostile) h"))
    let escaped = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"
    #expect(page.html.components(separatedBy: escaped).count > 5)
  }

  /// The SHA-256 as base64.
  private static func digest(of text: Substring) -> String {
    var hash = SHA256()
    hash.update(String(text))
    return Data(hash.digest()).base64EncodedString()
  }

  /// A browser runs the page's own script and no other.
  @Test func thePolicyNamesTheScriptByItsHash() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn", "--length", "6")
    let html = try runs.report("run").page.html
    func content(_ name: String) throws -> Substring {
      let start = try #require(html.firstRange(of: "<\(name)>"))
      let end = try #require(html[start.upperBound...].firstRange(of: "</\(name)>"))
      return html[start.upperBound..<end.lowerBound]
    }
    for name in ["script", "style"] {
      #expect(html.contains("\(name)-src 'sha256-\(Self.digest(of: try content(name)))'"))
    }
    #expect(
      html.contains("default-src 'none'") && html.components(separatedBy: "<script>").count == 2)
    #expect(!html.contains("http://") || html.components(separatedBy: "http://").count == 2)
    #expect(!html.contains("https://") && !html.contains("@import") && !html.contains("<link"))
  }
}
