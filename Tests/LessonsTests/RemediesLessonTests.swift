import Testing

@testable import UnrollLessons

struct RemediesLessonTests {
  @Test func eachRemedyLearnsWhereSigmoidsDoNot() throws {
    let report = try Lesson.remedies.report(LessonSettings(seeds: 3))
    for check in report.result.checks { #expect(check.holds, "\(check)") }
    #expect(report.result.panels.map(\.lines.count) == [6, 6, 6])
  }

  @Test(arguments: [2.0, 40])
  func endsOfItsNumbersDoNotTrap(layers: Double) throws {
    let settings = LessonSettings(seeds: 1, values: ["layers": [layers], "steps": [1]])
    #expect(try Lesson.remedies.report(settings).result.panels.count == 3)
  }
}
