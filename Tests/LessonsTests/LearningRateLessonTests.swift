import Testing

@testable import UnrollLessons

struct LearningRateLessonTests {
  @Test func everyPredictionHolds() throws {
    let report = try Lesson.learningRate.report()
    #expect(report.result.checks.count == 5)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  /// All three courses can be read: the one that explodes leaves the axis, which the others fill.
  @Test func theRateThatExplodesDoesNotFlattenTheOthers() throws {
    let panel = try Lesson.learningRate.report().result.panels[1]
    let ceiling = try #require(panel.ceiling)
    let largest = panel.lines.map { $0.points.map(\.y).filter(\.isFinite).max() ?? 0 }
    #expect(largest[0] < ceiling && largest[1] < ceiling && largest[2] > 1e6)
    let ends = panel.lines.map { $0.points.last?.y ?? .nan }
    #expect(ends[0] > 0.9 * panel.lines[0].points[0].y && ends[1] < 0.5 * ends[0])
  }

  @Test(arguments: [20.0, 1_000])
  func parametersAtTheirEndsMakeAReport(steps: Double) throws {
    let report = try Lesson.learningRate.report(
      LessonSettings(seeds: 1, values: ["steps": [steps]]))
    #expect(report.result.panels[1].lines[1].points.count == Int(steps) + 1)
  }
}
