import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollLessons

/// What every lesson has to do with its result, shown by two that take no time.
struct LessonReportTests {
  private static let reports = LessonLanguage.allCases.flatMap { language in
    [Lesson.chain, .powers].compactMap { try? $0.report(in: language) }
  }

  @Test func everyPlaceholderIsFilled() {
    #expect(Self.reports.count == 4)
    for report in Self.reports {
      let texts =
        [report.text, report.subtitle]
        + report.exercises.flatMap { [$0.question, $0.answer] }
      for text in texts { #expect(!text.contains("{"), "\(text)") }
      #expect(!report.text.contains("\(report.lesson.name)/"))
    }
  }

  @Test func theTableHasEveryNumberOfTheFigure() {
    for report in Self.reports {
      let rows = report.csv.text.split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      let values = report.result.panels.flatMap { panel in
        panel.lines.flatMap(\.points).map(\.y) + panel.levels.map(\.value)
      }
      #expect(rows.count == values.count)
      for (row, value) in zip(rows, values) {
        #expect(Double(row[4]) == value || value.isNaN, "\(row)")
      }
    }
  }

  /// A reader of a "no" is told what the prediction takes for granted; one without is not.
  @Test func whatThePredictionTakesForGrantedIsSaidWhereItFails() throws {
    let settings = LessonSettings(
      seeds: 1, values: ["width": [4], "penalty": [1]])
    for language in LessonLanguage.allCases {
      let failed = try Lesson.gradientCheck.report(settings, in: language)
      let assumptions = try #require(failed.assumptions)
      #expect(!failed.holds && failed.text.contains(assumptions))
      #expect(LessonPage([failed]).html.contains(assumptions.prefix(20)))
    }
    for report in Self.reports { #expect(report.holds && report.assumptions == nil) }
  }

  /// Ctrl-C breaks off between two runs.
  @Test func aLessonCanBeBrokenOff() {
    var settings = LessonSettings()
    settings.shouldStop = { true }
    #expect(throws: CancellationError.self) { try Lesson.threeHidden.report(settings) }
  }

  @Test func theSameSettingsGiveTheSameBytes() throws {
    let again = try Lesson.powers.report()
    #expect(try Lesson.powers.report().csv.text == again.csv.text)
    #expect(try Lesson.powers.report().summary == again.summary)
  }

  @Test func aPageHasTheLessonInItsLanguage() {
    let english = LessonPage(
      Self.reports.filter { $0.language == .english }, other: (language: .chinese, file: "zh.html")
    ).html
    #expect(english.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(english.contains("href=\"zh.html\" hreflang=\"zh\">中文</a>"))
    #expect(english.contains("<details class=\"exercise\">"))
    #expect(english.contains("<math display=\"block\">"))
    let chinese = LessonPage(Self.reports.filter { $0.language == .chinese }).html
    #expect(chinese.contains("<html lang=\"zh\">"))
    #expect(chinese.contains("data-words=\"") && chinese.contains("&quot;从&quot;"))
    #expect(!chinese.contains("Prediction"))
  }

  /// Where a text of the page names another one of its lessons.
  @Test func aPageLinksTheLessonsThatItNames() throws {
    let settings = LessonSettings(seeds: 1, values: ["layers": [5], "width": [16]])
    let initializers = try Lesson.initializers.report(settings)
    let chain = try Lesson.chain.report()
    let link = "see the lesson <a href=\"#initializers\">initializers</a>)"
    #expect(LessonPage([chain, initializers]).html.contains(link))
    #expect(LessonPage([chain]).html.contains("see the lesson initializers)"))
    let chinese = LessonPage([chain, initializers].map { $0.translated(to: .chinese) }).html
    #expect(chinese.contains("见 <a href=\"#initializers\">initializers</a> 一课"))
  }

  @Test func theCommandLineGivesTheSameLessonAgain() throws {
    let settings = LessonSettings(seed: 3, values: ["weights": [6.9], "x": [0]])
    let report = try Lesson.chain.report(settings, in: .chinese)
    #expect(report.commandLine == "unroll lesson chain --weights 6.9 --x 0 --seed 3 --language zh")
  }

  /// A median of no runs, and a half-life that never comes.
  @Test func aNumberThatThereIsNotIsADash() {
    func text(_ value: LessonValue) -> String { value.text(in: .english) }
    #expect(text(.number(.nan)) == "–" && text(.percent(.nan)) == "–")
    #expect(LessonCheck.text(.nan) == "–" && LessonCheck.text(3) == "3")
    #expect(text(.scientific(.infinity)) == "∞")
    #expect(text(.numbers([0, .infinity, 2])) == "0, ∞ and 2.000")
  }

  @Test func numbersReadAsTheLanguageHasThem() {
    let list = LessonValue.numbers([-0.5, 3325, 1e-7])
    #expect(list.text(in: .english) == "−0.5000, 3,325 and 1.000e-07")
    #expect(list.text(in: .chinese) == "−0.5000、3,325 和 1.000e-07")
    #expect(LessonValue.numbers([2]).text(in: .english) == "2.000")
    #expect(LessonValue.product([-1, 2]).text(in: .chinese) == "−1.000 · 2.000")
    #expect(LessonCheck.text(-3) == "−3" && LessonCheck.text(-0.25) == "−0.2500")
  }

  @Test func theMiddleOfRunsCountsWhatIsNoNumberAsInfinite() {
    #expect([3, 1, 2].median == 2)
    #expect([1, 2, .nan].median == 2)
    #expect([1, .nan, .nan].median == .infinity)
    let line = LessonLine("a", over: [[1, 4], [2, 5], [3, .nan]])
    #expect(line.points.map(\.y) == [2, 5])
    #expect(line.points.map(\.low) == [1, 4])
    #expect(line.points.map(\.high) == [3, .infinity])
  }
}
