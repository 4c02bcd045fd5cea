import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// A page about runs: one HTML file that needs no other and no network. It shows everything without a
/// script; its own makes figures respond and sorts tables.
///
/// All text from files is escaped, and the page's policy lets a browser run that one script only, which it
/// knows by its hash.
package struct ReportPage {
  /// In the order in which they are shown.
  package let runs: [ReportedRun]
  /// What shows several runs side by side.
  private let compared: [Chart]
  private let secondsToReload: Int?

  /// - Parameters:
  ///   - runs: in the order in which they are shown.
  ///   - secondsToReload: after how long the page loads itself again, because it is written anew while the
  ///     runs go on; nil for one that is done.
  package init(_ runs: [ReportedRun], secondsToReload: Int? = nil) {
    let comparison = PageComparison(runs)
    let charts = (comparison.charts + runs.flatMap(\.charts)).withOneColorALabel
    compared = Array(charts.prefix(comparison.charts.count))
    var rest = charts.dropFirst(compared.count)
    self.runs = runs.map { run in
      var run = run
      run.charts = Array(rest.prefix(run.charts.count))
      rest = rest.dropFirst(run.charts.count)
      return run
    }
    self.secondsToReload = secondsToReload
  }

  /// The number of figures.
  package var figureCount: Int {
    compared.count + runs.reduce(0) { $0 + $1.figureCount }
  }

  /// The page as a file holds it.
  package var html: String {
    let title = runs.count == 1 ? runs[0].title : "\(NumberText.count(runs.count, "run")) of unroll"
    var body: [String] = []
    var figures = FigureNumbers()
    if runs.count > 1 { body.append(overview(&figures)) }
    for (place, run) in runs.enumerated() { body.append(section(run, place, &figures)) }
    var document = PageDocument(title: title, main: body.joined(separator: "\n"))
    document.secondsToReload = secondsToReload
    document.header = """
      \(runs.count == 1 ? "" : "<h1>\(title.markupEscaped)</h1>")
      <p>\(introduction) <span class="needs-script">Tables have four digits: \
      <button type="button" class="digits" aria-pressed="false">all digits</button></span></p>
      """
    document.footer = """
      Written by unroll \(Version.current). In a figure the pointer shows values, a drag zooms, a double click \
      shows the whole again, and the key switches curves. On the keyboard: Tab to a figure, ← → along a curve, \
      ↑ ↓ to the next one, + − to zoom, 0 for the whole.
      """
    return document.html
  }

  private var introduction: String {
    secondsToReload == nil
      ? "Made from the files of \(NumberText.count(runs.count, "run")); no part of it is fetched."
      : "The runs go on; this page is written anew as they do, and loads itself again."
  }

  // MARK: Several runs

  private func overview(_ figures: inout FigureNumbers) -> String {
    let rows = runs.enumerated().map { place, run in
      "<tr><td><a href=\"#run-\(place + 1)\">\(run.folder.markupEscaped)</a></td>"
        + "<td>\(badge(run.state))</td>"
        + "<td>\("\(run.command): \(run.title)".markupEscaped)</td>"
        + "<td class=\"long\">\(run.headline.markupEscaped)</td></tr>"
    }
    let head = ["folder", "state", "run", "result"].map {
      "<th scope=\"col\"><button type=\"button\">\($0)</button></th>"
    }.joined()
    return """
      <section class="overview"><h2>Runs</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Runs"><table><thead><tr>\(head)</tr></thead>
      <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
      \(figureGrid(compared, &figures))</section>
      """
  }

  // MARK: One run

  private func badge(_ state: RunState) -> String {
    "<span class=\"state \(state.rawValue)\">\(state.rawValue)</span>"
  }

  private func section(
    _ run: ReportedRun, _ place: Int, _ figures: inout FigureNumbers
  ) -> String {
    let heading = runs.count == 1 ? "h1" : "h2"
    var parts = [
      "<section class=\"run\" id=\"run-\(place + 1)\">",
      "<\(heading)>\(run.title.markupEscaped) \(badge(run.state))</\(heading)>",
      "<p class=\"folder\">\(run.command.markupEscaped) · "
        + "<code>\(run.folder.markupEscaped)</code></p>",
    ]
    parts += (notes(run) + run.problems.map { "This could not be read: \($0)" }).map {
      "<p class=\"problem\">\($0.markupEscaped)</p>"
    }
    if !run.headline.isEmpty, run.text.isEmpty {
      parts.append("<p class=\"headline\">\(run.headline.markupEscaped)</p>")
    }
    parts += run.findings.map { "<p class=\"headline\">\($0.markupEscaped)</p>" }
    if !run.text.isEmpty { parts.append("<p class=\"text\">\(run.text.markupEscaped)</p>") }
    for (heading, line) in [
      ("Go on with it", run.commandGoingOn ?? ""), ("Run it again", run.commandLine),
    ] where !line.isEmpty {
      parts.append(
        "<h3>\(heading)</h3><pre><code>\(Self.markup(commandLine: line))</code></pre>")
    }
    parts += run.formulas.map(\.html)
    parts.append(figureGrid(run.charts, &figures))
    parts += run.pictures.map { $0.picture.html(title: $0.title) }
    parts += run.tables.map(\.html)
    parts += [run.facts?.html, provenance(run), "</section>"].compactMap(\.self)
    return parts.joined(separator: "\n")
  }

  /// The command line, whose options are broken before, not behind, their dashes.
  private static func markup(commandLine: String) -> String {
    commandLine.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let text = String(word).markupEscaped
      return word.hasPrefix("-") ? "<span class=\"option\">\(text)</span>" : text
    }.joined(separator: " ")
  }

  private func notes(_ run: ReportedRun) -> [String] {
    let state: String? =
      switch run.state {
      case .running: "The run goes on; this is what it had written when the page was made."
      case .unfinished: "The run has not ended as it should have: this is what it left."
      case .interrupted: "The run was interrupted; this is what it did until then."
      case .nonFinite: "Training ended because a loss or gradient was not finite."
      case .finished: nil
      }
    return [state].compactMap(\.self) + run.notes
  }

  /// Every option, and what computed the numbers.
  private func provenance(_ run: ReportedRun) -> String {
    var facts: [(name: String, value: String)] = []
    for key in ["version", "run", "blas", "blas_kernels", "vector_kernels"] {
      if let value = run.files.config[key].flatMap(PageTable.text) { facts.append((key, value)) }
    }
    for file in InputFile.list(in: run.files.config) {
      facts.append(
        (
          "file of --\(file.option)",
          "\(file.given), \(NumberText.count(file.fingerprint.bytes, "byte")), SHA-256 "
            + file.fingerprint.sha256
        ))
    }
    for (name, value) in run.files.options {
      if let text = PageTable.text(value), !text.isEmpty { facts.append(("--\(name)", text)) }
    }
    return PageFacts(title: "Settings and machinery", facts: facts, isOpen: false).html
  }

  // MARK: Figures

  private func figureGrid(_ charts: [Chart], _ figures: inout FigureNumbers) -> String {
    if charts.isEmpty { return "" }
    let all = charts.map { $0.pageFigure(id: figures.next()) }
    return "<div class=\"figures\">\n\(all.joined(separator: "\n"))\n</div>"
  }
}

/// Numbers the figures of a page.
private struct FigureNumbers {
  private var count = 0

  mutating func next() -> String {
    count += 1
    return "figure-\(count)"
  }
}
