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

  /// The numbers of the one curve of that name in a figure, nil for one that is not finite. There is some
  /// number among them.
  func values(_ figure: Int, _ curve: String, _ key: String = "y") throws -> [Double?] {
    try #require(figures.indices.contains(figure), "there are \(figures.count) figures")
    let curves = try #require(figures[figure]["curves"]?.array)
    let found = curves.filter { $0["name"]?.string == curve }
    try #require(found.count == 1, "\(curve) is not one of \(names(figure))")
    let values = try #require(found[0][key]?.array).map { value -> Double? in
      if value.isNull { return nil }
      let number: Double = try #require(value.double, "\(value) is no number")
      return number
    }
    #expect(values.contains { $0 != nil }, "\(curve) has no \(key)")
    return values
  }

  func names(_ figure: Int) -> [String] {
    guard figures.indices.contains(figure) else { return [] }
    return (figures[figure]["curves"]?.array ?? []).compactMap { $0["name"]?.string }
  }

  /// The titles of the figures, in their order.
  var titles: [String] {
    html.components(separatedBy: "<figcaption>").dropFirst().map { rest in
      String(rest.prefix { $0 != "<" }).trimmingCharacters(in: .whitespaces)
    }
  }

  /// The command lines that make the runs again, as a reader copies them.
  var commandLines: [String] {
    html.matches(of: /<pre><code>(.*?)<\/code><\/pre>/).map {
      String($0.1).replacing(/<[^>]*>/, with: "")
    }
  }

  /// Whether there is a table under this heading.
  func hasTable(_ heading: String) -> Bool { html.contains("<summary>\(heading) <small>") }

  /// Whether the page says that its one run is in this state.
  func isOf(_ state: String) -> Bool {
    html.components(separatedBy: "<span class=\"state ").count == 2
      && html.contains("<span class=\"state \(state)\">")
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
  /// Writes the page of these folders and reads it. Its elements are nested as they should be.
  func report(
    _ folders: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (outcome: Outcome, page: ReportedPage) {
    let out = path("page.html")
    let outcome = run(["report"] + folders.map(path) + ["--out", out])
    #expect(outcome.status == .done, "\(outcome.errors)", sourceLocation: sourceLocation)
    let page = try ReportedPage(contentsOf: out)
    #expect(page.nestingProblem == nil, sourceLocation: sourceLocation)
    return (outcome, page)
  }

  /// Runs the program quietly into the folder `name` and expects it to succeed.
  func make(_ name: String, _ words: String...) { make(name, words) }

  /// The same of a small model.
  func makeSmall(_ name: String, _ words: String...) {
    make(name, words + ["--length", "6", "--hidden", "4", "--batch", "2"])
  }

  private func make(_ name: String, _ words: [String]) {
    let outcome = run(words + ["--quiet", "--out", path(name)])
    #expect(outcome.status == .done, "\(outcome.errors)")
    awaitRelease(of: name)
  }

  /// Waits until nobody has the lock of a run that has ended: a process that another test has just forked
  /// holds it until it runs its own program.
  func awaitRelease(of name: String) {
    for _ in 0..<1_000 where FolderLock.isHeld(path(name)) { usleep(10_000) }
  }

  /// The numbers in a column of a table, in the rows that have these texts in others; nil for what is blank
  /// or not finite.
  func column(
    _ file: String, _ name: String, where conditions: [String: String] = [:]
  ) throws -> [Double?] {
    let table = try CSVTable(path: path(file))
    let others = try conditions.map { (texts: try table.texts(inColumn: $0), text: $1) }
    let texts = zip(try table.texts(inColumn: name), table.rows.indices)
      .filter { _, row in others.allSatisfy { $0.texts[row] == $0.text } }.map(\.0)
    try #require(!texts.isEmpty, "no row of \(file) has \(conditions)")
    return try texts.map { text -> Double? in
      if text.isEmpty { return nil }
      let number: Double = try #require(CSVNumber.written(text), "\(text)")
      return number.isFinite ? number : nil
    }
  }

  /// Puts other texts into a column of a table, one for each row.
  func setColumn(_ file: String, _ name: String, to texts: [String]) throws {
    let table = try CSVTable(path: path(file))
    let place = try #require(table.columnNames.firstIndex(of: name))
    try #require(texts.count == table.rows.count, "\(file) has \(table.rows.count) rows")
    let rows = zip(table.rows, texts).map { row, text in
      var row = row
      row[place] = text
      return row
    }
    _ = try self.file(
      file, ([table.columnNames] + rows).map { $0.joined(separator: ",") + "\n" }.joined())
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path(name))
  }

  /// Changes a file of a run.
  func change(_ name: String, _ change: (String) -> String) throws {
    _ = try file(name, change(text(name)))
  }
}
