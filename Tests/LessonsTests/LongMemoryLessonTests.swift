import Testing

@testable import UnrollLessons

struct LongMemoryLessonTests {
  /// What each seed learns hangs on last digits; that its gates part does not.
  @Test func theGatesPartFromTheirMean() throws {
    let report = try Lesson.longMemory.report(LessonSettings(seeds: 3))
    for check in report.result.checks { #expect(check.holds, "\(check)") }
    #expect(report.result.findings.last == "finding apart")
  }

  @Test func anUntrainedNetworksGatesAreAlike() throws {
    let report = try Lesson.longMemory.report(
      LessonSettings(seeds: 2, values: ["length": [12], "width": [4], "steps": [1]]))
    #expect(
      report.result.findings == ["finding start", "finding not learned", "finding alike"])
    #expect(!report.text.contains("{"))
  }

  @Test func theEndsDoNotTrap() throws {
    let report = try Lesson.longMemory.report(
      LessonSettings(seeds: 1, values: ["length": [2], "width": [2], "steps": [1]]))
    #expect(report.result.panels[2].lines[0].points.count == 2)
  }

  @Test func quantilesAreOfTheUnits() {
    #expect(LongMemory.quantile([0.3, 0.1, 0.2], 0.5) == 0.2)
    #expect(LongMemory.quantile([0.3, 0.1, 0.2], 1) == 0.3)
    #expect(LongMemory.quantile([0.3, 0.1, 0.2], 0) == 0.1)
    #expect(LongMemory.quantile([], 0.5).isNaN)
  }
}
