import Testing

@testable import UnrollLessons

struct PretrainingLessonTests {
  @Test func pretrainingHelpsWhereGradientDescentStandsStill() throws {
    let report = try Lesson.pretraining.report(LessonSettings(seeds: 6))
    for check in report.result.checks { #expect(check.holds, "\(check)") }
    #expect(report.result.findings[1] == "finding interval")
  }

  @Test(arguments: [2.0, 12])
  func endsOfItsNumbersDoNotTrap(layers: Double) throws {
    let settings = LessonSettings(seeds: 1, values: ["layers": [layers], "steps": [10]])
    let report = try Lesson.pretraining.report(settings)
    #expect(report.result.panels.count == 2)
  }
}
