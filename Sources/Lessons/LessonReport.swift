import UnrollFigures
import UnrollFileFormats
import UnrollReports
import UnrollText

/// What a lesson shows, in one language: its words with the numbers in them, the figure, and the files.
public struct LessonReport: Sendable {
  let lesson: Lesson
  let settings: LessonSettings
  let result: LessonResult
  let language: LessonLanguage
  private let values: [String: String]

  init(
    _ lesson: Lesson, _ settings: LessonSettings, _ result: LessonResult,
    _ language: LessonLanguage
  ) {
    self.lesson = lesson
    self.settings = settings
    self.result = result
    self.language = language
    var values = result.numbers.mapValues { value in
      value.text(in: language) { language.texts.text(lesson.name, "line \($0)") ?? $0 }
    }
    for parameter in lesson.parameters {
      let list = settings.list(parameter.name)
      values[parameter.name] = language.list(
        list.map { parameter.isWhole ? NumberText.count(Int($0)) : $0.plainText.withMinus })
    }
    values["seed"] = String(settings.seed)
    values["seeds"] = String(settings.seeds.count)
    self.values = values
  }

  /// The same lesson in another language.
  public func translated(to language: LessonLanguage) -> LessonReport {
    LessonReport(lesson, settings, result, language)
  }

  /// The lesson's name.
  public var name: String { lesson.name }

  /// Whether all predictions hold.
  public var holds: Bool { result.checks.allSatisfy(\.holds) }

  // MARK: Words

  /// A text with its numbers; nil where the lesson has none.
  func words(_ key: String) -> String? {
    language.texts.text(lesson.name, key)?.filled(with: values)
  }

  /// A text that every lesson has.
  private func required(_ key: String) -> String {
    words(key) ?? "\(lesson.name)/\(key)"
  }

  /// The lesson's title.
  public var title: String { required("title") }
  /// What it asks.
  public var question: String { required("question") }
  /// What the formula says before anything is measured.
  public var prediction: String { required("prediction") }
  /// What was measured, in paragraphs.
  public var findings: [String] {
    result.findings.map(required) + (settings.seeds.count > 1 ? [required("medians")] : [])
  }
  /// That not all predictions hold, and what they take for granted; nil where all do.
  public var assumptions: String? {
    holds
      ? nil
      : language.texts.shared("not as predicted") + language.colon + required("assumptions")
  }
  /// What the lecture notes say of it, and where they are wrong.
  public var notes: String { required("notes") }

  /// Questions to think about, with their answers.
  public var exercises: [(question: String, answer: String)] {
    var exercises: [(String, String)] = []
    while let question = words("exercise \(exercises.count + 1)"),
      let answer = words("answer \(exercises.count + 1)")
    {
      exercises.append((question, answer))
    }
    return exercises
  }

  /// Everything but the exercises, as a terminal shows it.
  public var text: String {
    ([title, question] + lesson.formulas.map(\.text)
      + [prediction] + [assumptions].compactMap(\.self) + findings + [notes])
      .joined(separator: "\n\n")
  }

  /// What is predicted beside what was measured.
  var checks: TextTable {
    var table = TextTable(
      header: ["quantity", "predicted value", "measured value", "holds"].map(language.texts.shared))
    for check in result.checks {
      table.append([
        words("check \(check.name)") ?? check.name,
        "\(check.relation.sign) \(LessonCheck.text(check.predicted))",
        LessonCheck.text(check.measured), language.texts.shared(check.holds ? "yes" : "no"),
      ])
    }
    return table
  }

  // MARK: Figure

  /// The figure.
  public var figure: PanelsFigure {
    var figure = PanelsFigure(
      title: title, subtitle: subtitle, panels: result.panels.map(panel))
    figure.against = language.texts.shared("against")
    figure.upTo = language.texts.shared("up to")
    return figure
  }

  /// Sizes and seeds.
  var subtitle: String {
    let seeds =
      lesson.seeds == 1 && settings.seeds.count == 1
      ? nil : required(settings.seeds.count == 1 ? "one seed" : "several seeds")
    return [words("sizes"), seeds].compactMap(\.self).joined(
      separator: language.semicolon)
  }

  private func panel(_ panel: LessonPanel) -> PanelsFigure.Panel {
    let title = required("panel \(panel.name)")
    var shown = PanelsFigure.Panel(
      title: panel.upright ?? words("upright \(panel.name)") ?? title, plainTitle: title,
      across: required("across \(panel.name)"), isCounted: panel.isCounted,
      isLogarithmic: panel.isLogarithmic,
      lines: panel.lines.map { line in
        var shown = PanelsFigure.Line(
          label: name(line.companion ?? line.name), points: line.points, mark: line.mark)
        shown.name = line.companion == nil ? nil : name(line.name)
        return shown
      }, ceiling: panel.ceiling)
    shown.terminalTitle = words("terminal \(panel.name)")
    shown.isLogarithmicAcross = panel.isLogarithmicAcross
    shown.categories = panel.categories.map(name)
    shown.levels = panel.levels.map { (name($0.name), $0.value) }
    return shown
  }

  /// What a line or a category is called: its text, or that of `line NAME #`, which has a place for the number
  /// behind the name, or itself.
  private func name(_ name: String) -> String {
    if let text = words("line \(name)") { return text }
    guard let space = name.lastIndex(of: " "),
      let text = words("line \(name[..<space]) #")
    else { return name }
    return text.filled(with: ["value": String(name[name.index(after: space)...])])
  }

  /// The panels that a terminal does not show, or not whole; nil where it shows all.
  private var others: String? {
    let titles = figure.panels.enumerated().filter { $0 > 0 || $1.terminalTitle != nil }
      .map { "(\($0 + 1)) \($1.plainTitle)" }
    return titles.isEmpty
      ? nil
      : language.texts.shared("other panels") + language.colon
        + titles.joined(separator: language.semicolon)
  }

  // MARK: Files

  /// Every number of the figure: a row for each point.
  public var csv: CSVWriter {
    var table = CSVWriter(columns: ["panel", "line", "x", "category", "y", "low", "high"])
    for panel in result.panels {
      for line in panel.lines {
        for point in line.points {
          let category =
            Int(exactly: point.x).flatMap { place in
              panel.categories.indices.contains(place) ? panel.categories[place] : nil
            } ?? ""
          table.append([
            .text(panel.name), .text(line.name), .number(point.x), .text(category),
            .number(point.y), point.low.map { .number($0) } ?? .blank,
            point.high.map { .number($0) } ?? .blank,
          ])
        }
      }
      for level in panel.levels {
        table.append([
          .text(panel.name), .text(level.name), .blank, .text("level"), .number(level.value),
          .blank, .blank,
        ])
      }
    }
    return table
  }

  /// What lies beside the lesson's figure where it has a surface: the figure of it, and every number of that.
  public var surface: (figure: SurfaceFigure, places: CSVWriter, paths: CSVWriter)? {
    result.surface.map { ($0.figure, $0.report.surfaceTable, $0.report.pathTable) }
  }

  /// The words, the numbers in them, and the predictions.
  public var summary: JSONValue {
    [
      "outcome": .string(RunOutcome.finished.rawValue), "lesson": .string(lesson.name),
      "language": .string(language.rawValue), "title": .string(title), "text": .string(text),
      "seeds": .array(settings.seeds.map { .integer(Int($0)) }),
      "parameters": .array(
        lesson.parameters.map { parameter in
          [
            "name": .string(parameter.name),
            "values": .array(settings.list(parameter.name).map { .number($0) }),
          ]
        }),
      "numbers": .array(
        result.numbers.sorted { $0.key < $1.key }.map { name, value in
          ["name": .string(name), "value": value.json]
        }),
      "checks": .array(
        result.checks.map { check in
          [
            "name": .string(check.name), "relation": .string(check.relation.sign),
            "predicted": .number(check.predicted), "measured": .number(check.measured),
            "tolerance": check.relation.tolerance.map { .number($0) } ?? .null,
            "holds": .bool(check.holds),
          ]
        }),
    ]
  }

  /// Prints the lesson, without its exercises.
  package func print(on page: any TextPage) {
    guard !page.isJSON else { return }
    let columns = min(79, page.outputColumns - 1)
    func paragraph(_ text: String) {
      for part in text.split(separator: "\n\n") {
        page.print("\n" + String(part).wrapped(columns: columns))
      }
    }
    page.print(page.styled(title, .bold))
    paragraph(question)
    page.print("")
    for formula in lesson.formulas {
      page.print(formula.text.wrapped(columns: columns, indent: 2))
    }
    paragraph(language.texts.shared("prediction") + language.colon + prediction)
    if let plot = figure.terminalPlot(
      columns: columns, rows: 18, isASCII: false)
    {
      page.print("\n" + plot + (others.map { $0.wrapped(columns: columns) + "\n" } ?? ""))
    }
    if !result.checks.isEmpty { page.printTable(checks) }
    if let assumptions { paragraph(assumptions) }
    for finding in findings { paragraph(finding) }
    paragraph(language.texts.shared("notes") + language.colon + notes)
  }
}
