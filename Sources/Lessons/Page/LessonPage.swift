import UnrollFigures
import UnrollReports
import UnrollStudies
import UnrollText

/// A page of lessons: one HTML file that needs no other and no network, with figures that respond and
/// exercises whose answers fold out.
public struct LessonPage {
  private let reports: [LessonReport]
  private let language: LessonLanguage
  /// The file of the same page in another language, beside this one.
  private let other: (language: LessonLanguage, file: String)?
  /// The pictures of surfaces, by the name of their lesson.
  private let surfaces: [String: PagePicture]

  /// A page of `reports`, which are in one language.
  public init(
    _ reports: [LessonReport], surfaces: [String: PagePicture] = [:],
    other: (language: LessonLanguage, file: String)? = nil
  ) {
    self.reports = reports
    self.surfaces = surfaces
    self.other = other
    language = reports.first?.language ?? .english
  }

  private func word(_ key: String) -> String { language.texts.shared(key) }

  /// The page as a file holds it.
  public var html: String {
    let title = reports.count == 1 ? reports[0].title : word("page title")
    var document = PageDocument(
      title: title, main: (contents + reports.enumerated().map(section)).joined(separator: "\n"))
    document.language = language.rawValue
    document.words = Dictionary(
      uniqueKeysWithValues: Self.scriptWords.map { ($0, word("script \($0)")) })
    document.header = "<h1>\(title.markupEscaped)</h1>" + introduction + switching
    document.footer = word("footer").filled(with: ["version": Version.current]).markupEscaped
    return document.html
  }

  /// What the page's script says.
  static let scriptWords = [
    "log x", "log y", "logarithmic or linear axis", "zoom in", "zoom out", "whole",
    "show the whole figure", "value", "from", "to",
  ]

  private var introduction: String {
    reports.count == 1 ? "" : "<p>\(word("page introduction").markupEscaped)</p>"
  }

  private var switching: String {
    guard let other else { return "" }
    return "<p><a href=\"\(other.file)\" hreflang=\"\(other.language.rawValue)\">"
      + "\(other.language.texts.shared("language").markupEscaped)</a></p>"
  }

  /// Links to the lessons of a page that has several.
  private var contents: [String] {
    guard reports.count > 1 else { return [] }
    let items = reports.map { report in
      "<li><a href=\"#\(report.lesson.name)\">\(report.title.markupEscaped)</a> "
        + "<code>\(report.lesson.name)</code></li>"
    }
    return ["<nav><ol class=\"contents\">\(items.joined())</ol></nav>"]
  }

  private func section(_ place: Int, _ report: LessonReport) -> String {
    let number = reports.count > 1 ? "\(place + 1). " : ""
    let name = report.lesson.name
    let heading = reports.count > 1 ? "<h2>\(number)\(report.title.markupEscaped)</h2>" : ""
    let formulas = report.lesson.formulas.map {
      "<p class=\"formula\"><math display=\"block\">\($0.mathML)</math></p>"
    }
    let charts = report.figure.charts.enumerated().map { number, chart in
      chart.pageFigure(id: "\(name)-\(number + 1)")
    }
    let exercises = report.exercises.map { exercise in
      "<details class=\"exercise\"><summary>\(exercise.question.markupEscaped)</summary>"
        + "\(paragraphs(exercise.answer))</details>"
    }
    let parts =
      ["<section class=\"lesson\" id=\"\(name)\">", heading, paragraphs(report.question)]
      + formulas
      + ["<h3>\(word("prediction"))</h3>", paragraphs(report.prediction)]
      + ["<h3>\(word("measured"))</h3>", "<div class=\"figures\">\(charts.joined())</div>"]
      + [surfaces[name]?.html(title: report.words("surface") ?? "") ?? ""]
      + [table(report)]
      + ([report.assumptions].compactMap(\.self) + report.findings).map { paragraphs($0) }
      + ["<h3>\(word("notes"))</h3>", paragraphs(report.notes)]
      + (exercises.isEmpty ? [] : ["<h3>\(word("exercises"))</h3>"] + exercises)
      + [
        "<h3>\(word("again"))</h3>",
        "<pre><code>\(report.commandLine.markupEscaped)</code></pre></section>",
      ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func paragraphs(_ text: String) -> String {
    text.split(separator: "\n\n")
      .map { "<p class=\"text\">\(linked(String($0).markupEscaped).unbrokenExponents)</p>" }
      .joined()
  }

  /// The text with links to the other lessons of the page that it names: `the lesson residual`.
  private func linked(_ text: String) -> String {
    // Longer names first, since one may begin as another: remedies, remedies-through-time.
    reports.map(\.lesson.name).sorted { $0.count > $1.count }.reduce(text) { text, name in
      let link = "<a href=\"#\(name)\">\(name)</a>"
      return text.replacing(
        word("see lesson").filled(with: ["name": name]),
        with: word("see lesson").filled(with: ["name": link]))
    }
  }

  private func table(_ report: LessonReport) -> String {
    let checks = report.checks
    if checks.rows.isEmpty { return "" }
    func cells(_ row: [String]) -> String {
      row.enumerated().map { place, cell in
        "<td\([1, 2].contains(place) ? " class=\"n\"" : "")>\(cell.markupEscaped)</td>"
      }.joined()
    }
    let head = checks.header.enumerated().map { place, name in
      "<th scope=\"col\"\([1, 2].contains(place) ? " class=\"n\"" : "")>"
        + "<button type=\"button\">\(name.markupEscaped)</button></th>"
    }.joined()
    let rows = checks.rows.map { "<tr>\(cells($0))</tr>" }.joined(separator: "\n")
    return
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(word("measured"))\">"
      + "<table><thead><tr>\(head)</tr></thead><tbody>\(rows)</tbody></table></div>"
  }
}

extension LessonReport {
  /// The command that runs the lesson again.
  var commandLine: String {
    let given = lesson.parameters.compactMap { parameter in
      settings.values[parameter.name].map { values in
        "--\(parameter.name) \(values.map { $0.plainText }.joined(separator: ","))"
      }
    }
    let seeds =
      (settings.seed == 1 ? [] : ["--seed \(settings.seed)"])
      + (settings.seeds.count == lesson.seeds ? [] : ["--seeds \(settings.seeds.count)"])
    let spoken = language == .english ? [] : ["--language \(language.rawValue)"]
    return (["unroll lesson \(lesson.name)"] + given + seeds + spoken).joined(separator: " ")
  }
}

extension String {
  /// The text with no line break behind the hyphen of 1e-6.
  fileprivate var unbrokenExponents: String {
    replacing(/([0-9]e)-([0-9])/) { "\($0.output.1)\u{2060}-\u{2060}\($0.output.2)" }
  }
}
