import Testing

@testable import UnrollLessons

struct FormatsLessonTests {
  @Test func everyPredictionHolds() throws {
    let report = try Lesson.formats.report(LessonSettings(seeds: 2))
    #expect(report.result.checks.count == 6)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
    #expect(report.result.findings == ["finding still", "finding others"])
  }

  /// Far below the window float16 stands still, within it learns, above it overflows.
  @Test(arguments: [(-60, "finding still"), (0, "finding learns"), (40, "finding broken")])
  func theFindingFollowsTheFactor(exponent: Int, finding: String) throws {
    let report = try Lesson.formats.report(
      LessonSettings(seeds: 1, values: ["exponent": [Double(exponent)], "steps": [100]]))
    #expect(report.result.findings.first == finding)
    // Standing still is that no weight moves.
    #expect(
      (report.result.numbers["unmoved"]?.text(in: .english) == "100%")
        == (finding == "finding still"))
    let losses = report.result.panels[0].lines.map { $0.points.last?.y ?? .nan }
    // With loss scaling float16 learns whatever the factor.
    #expect(losses[2] < 0.5 * report.result.panels[0].lines[2].points[0].y)
  }
}
