import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// A page as a browser would read it.
struct ReportedPage {
  let html: String
  /// The data of each figure, for the page's script.
  let figures: [JSONValue]

  init(_ html: String) throws {
    self.html = html
    let start = "<script type=\"application/json\">"
    figures = try html.components(separatedBy: start).dropFirst().map { rest in
      let end = try #require(rest.firstRange(of: "</script>"))
      return try JSONValue(parsing: Data(rest[..<end.lowerBound].utf8))
    }
  }

  init(contentsOf path: String) throws {
    try self.init(String(contentsOfFile: path, encoding: .utf8))
  }

  /// The numbers of the curve of that name in a figure.
  func values(_ figure: Int, _ curve: String, _ key: String = "y") throws -> [Double?] {
    let curves = try #require(figures[figure]["curves"]?.array)
    let found = try #require(
      curves.first { $0["name"]?.string == curve }, "\(curves.map { $0["name"] })")
    return try #require(found[key]?.array).map(\.double)
  }

  func names(_ figure: Int) -> [String] {
    (figures[figure]["curves"]?.array ?? []).compactMap { $0["name"]?.string }
  }

  /// What is wrong with the nesting of elements; nil where nothing is.
  var nestingProblem: String? {
    var open: [String] = []
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      if rest.first == "!" { continue }
      let isEnd = rest.first == "/"
      let name = String(rest.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber })
      guard !name.isEmpty else { return "a bare < before \(rest.prefix(40))" }
      guard let end = rest.firstIndex(of: ">") else { return "\(name) has no end" }
      let isAlone = rest[..<end].last == "/" || ["meta", "img"].contains(name)
      rest = rest[rest.index(after: end)...]
      if isEnd {
        guard open.popLast() == name else { return "/\(name) closes \(open)" }
      } else if !isAlone {
        open.append(name)
        // Their content is no markup.
        if ["script", "style"].contains(name), let close = rest.firstRange(of: "</\(name)") {
          rest = rest[close.lowerBound...]
        }
      }
    }
    return open.isEmpty ? nil : "\(open) have no end"
  }
}

extension TemporaryRuns {
  /// Writes the page of these folders and reads it.
  func report(_ folders: String...) throws -> (outcome: Outcome, page: ReportedPage) {
    let out = path("page.html")
    let outcome = run(["report"] + folders.map(path) + ["--out", out])
    #expect(outcome.status == .done, "\(outcome.errors)")
    return (outcome, try ReportedPage(contentsOf: out))
  }

  /// Runs the program quietly into the folder `name` and expects it to succeed.
  func make(_ name: String, _ words: String...) {
    let outcome = run(words + ["--quiet", "--out", path(name)])
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  /// Changes a file of a run.
  func change(_ name: String, _ change: (String) -> String) throws {
    _ = try file(name, change(text(name)))
  }
}
