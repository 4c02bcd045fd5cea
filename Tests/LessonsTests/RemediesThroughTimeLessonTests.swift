import Testing

@testable import UnrollLessons

struct RemediesThroughTimeLessonTests {
  @Test func itsPredictionsHold() throws {
    let report = try Lesson.remediesThroughTime.report()
    #expect(report.result.checks.count == 6)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
    #expect(report.result.findings[1] == "finding some")
    guard case .names(let helping) = report.result.numbers["helping"] else {
      Issue.record("no names of what helps")
      return
    }
    #expect(helping.contains("lstm 3") && helping.contains("lstm ln T"))
    #expect(
      !helping.contains("as given") && !helping.contains("window") && !helping.contains("lstm 1"))
  }

  /// Names of the figure stand in sentences as each language has them.
  @Test func namesAreTranslated() throws {
    let report = try Lesson.remediesThroughTime.report(LessonSettings(seeds: 1))
    #expect(report.text.contains("LSTM, bias 3"))
    #expect(report.translated(to: .chinese).text.contains("LSTM，偏置 3"))
  }

  /// Products with W_ih [G·H, 2] and W_hh [G·H, H]: three and four times those of an RNN.
  @Test func costsAreThoseOfTheGates() throws {
    let report = try Lesson.remediesThroughTime.report(LessonSettings(seeds: 1))
    let cost = report.result.panels[2].lines[0].points.map(\.y)
    #expect(cost == [1, 1, 1, 1, 3, 4, 4, 4])
  }

  @Test(arguments: [["length": [8.0], "width": [4]], ["length": [300], "width": [4]]])
  func theEndsDoNotTrap(_ values: [String: [Double]]) throws {
    let report = try Lesson.remediesThroughTime.report(LessonSettings(seeds: 1, values: values))
    #expect(!report.text.contains("{"))
  }
}
