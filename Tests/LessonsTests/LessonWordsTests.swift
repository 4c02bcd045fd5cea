import Testing
import UnrollText

@testable import UnrollLessons

/// The words of every lesson around the numbers of a small run.
struct LessonWordsTests {
  /// The least that each parameter may be, so that a run takes no time; 1 seed.
  private func report(_ lesson: Lesson) throws -> LessonReport {
    var values: [String: [Double]] = [:]
    for parameter in lesson.parameters where parameter.isWhole && parameter.name != "exponent" {
      values[parameter.name] = [max(parameter.range.lowerBound, 4)]
    }
    return try lesson.report(LessonSettings(seeds: 1, values: values))
  }

  @Test(arguments: Lesson.all.map(\.name))
  func aLessonHasWordsForEverything(name: String) throws {
    let english = try report(#require(Lesson.named(name)))
    for report in [english, english.translated(to: .chinese)] {
      let figure = report.figure
      var texts = [report.text, report.subtitle, report.words("assumptions") ?? ""]
      texts += report.checks.rows.map { $0[0] }
      for exercise in report.exercises { texts += [exercise.question, exercise.answer] }
      for panel in figure.panels {
        texts += [panel.title, panel.plainTitle, panel.across] + panel.categories
        texts += panel.lines.map(\.label)
        texts += panel.levels.map(\.name)
      }
      for text in texts {
        // No number without a value, and no text that is missing. A title may be markup: x_{i}.
        #expect(text.firstMatch(of: /\{[a-z][^}]*\}/) == nil, "\(text)")
        #expect(!text.hasPrefix("\(name)/"), "\(text)")
        #expect(text.firstMatch(of: /\b(nan|inf)\b/) == nil, "\(text)")
      }
      #expect(!report.text.contains("\(name)/"))
    }
  }
}
