import Foundation

/// A Markdown page of the repository.
struct Document: CustomStringConvertible {
  /// The path below the top of the repository.
  let path: String
  let text: String

  static let top = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    .standardizedFileURL

  init(_ path: String) throws {
    self.path = path
    text = try String(contentsOf: Self.top.appending(path: path), encoding: .utf8)
  }

  /// README and the articles that it links to.
  static func all() throws -> [Document] {
    let catalog = "Sources/UnrollKit/UnrollKit.docc"
    let names = try FileManager.default.contentsOfDirectory(
      atPath: top.appending(path: catalog).path)
    let articles = names.filter { $0.hasSuffix(".md") }.sorted().map { "\(catalog)/\($0)" }
    return try (["README.md"] + articles).map(Document.init)
  }

  var description: String { path }

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// Targets of links and pictures, those on the web left out.
  var links: [String] {
    let targets =
      text.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
      + text.matches(of: /src="([^"]+)"/).map { String($0.1) }
    return targets.filter { !$0.hasPrefix("http") }
  }

  /// The anchors that GitHub gives to the headings.
  var anchors: [String] {
    lines.filter { $0.hasPrefix("#") }.map { line in
      line.drop { $0 == "#" || $0 == " " }.lowercased()
        .filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
        .replacing(" ", with: "-")
    }
  }

  /// The file that a link names.
  func file(of link: Substring) -> URL {
    link.isEmpty
      ? Self.top.appending(path: path)
      : Self.top.appending(path: path).deletingLastPathComponent().appending(path: String(link))
        .standardizedFileURL
  }

  /// The code blocks.
  var blocks: [String] { fences.map(\.text) }

  var fences: [(language: Substring, text: String)] {
    text.matches(of: /(?ms)^```([a-z]*)\n(.*?)^```/).map { ($0.1, String($0.2)) }
  }

  /// The words of each command of `unroll`, in code blocks and, where an option has its value, in the text.
  var commands: [[String]] {
    let shown = shownCommands.map { String($0.line.dropFirst("unroll ".count)) }
    // A placeholder, such as FILE, stands for no value of its own.
    let inline = text.matches(of: /`unroll ([^`\n]* --[^`\n ]+ [^`\n]+)`/).map { String($0.1) }
      .filter { !$0.contains(#/ [A-Z]+( |$)/#) }
    return (shown + inline).map { line in
      line.split(separator: " #", maxSplits: 1)[0].split(separator: " ").map(String.init)
    }
  }
}
