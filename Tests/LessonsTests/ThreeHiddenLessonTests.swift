import Testing

@testable import UnrollLessons

struct ThreeHiddenLessonTests {
  /// 1/16 of the gradient, a tenth of the movement, and the same loss without hidden 1.
  @Test func hiddenOneStandsStillAtFirst() throws {
    let report = try Lesson.threeHidden.report(LessonSettings(seeds: 3))
    for check in report.result.checks { #expect(check.holds, "\(check)") }
    let losses = try #require(report.result.panels.last)
    let guess = try #require(losses.levels.first?.value)
    #expect(losses.lines.allSatisfy { ($0.points.last?.y ?? .nan) < guess })
  }

  @Test func endsOfItsNumbersDoNotTrap() throws {
    let report = try Lesson.threeHidden.report(LessonSettings(seeds: 1, values: ["steps": [10]]))
    #expect(report.result.panels.count == 3 && report.findings.count == 2)
  }
}
