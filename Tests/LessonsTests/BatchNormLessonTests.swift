import Testing

@testable import UnrollLessons

struct BatchNormLessonTests {
  @Test(arguments: [[:], ["factors": [1, 0.1, 0.01]], ["layers": [2]]])
  func everyPredictionHolds(values: [String: [Double]]) throws {
    let report = try Lesson.batchNorm.report(LessonSettings(values: values))
    #expect(report.result.checks.count == 9)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  /// Without normalization the same factors change the gradient by more than tenfold.
  @Test func withoutNormalizationTheFactorDecides() throws {
    let panel = try Lesson.batchNorm.report().result.panels[0]
    let first = panel.lines.map { $0.points[0].y }
    #expect(first[2] / first[1] > 10 || first[1] / first[2] > 10)
    #expect(panel.lines[0].name == "normalized")
  }

  @Test(arguments: [["factors": [1.0]], ["factors": [1e-6, 1e6]], ["layers": [50]]])
  func parametersAtTheirEndsMakeAReport(values: [String: [Double]]) throws {
    let report = try Lesson.batchNorm.report(LessonSettings(seeds: 1, values: values))
    #expect(report.result.panels.count == 3)
  }
}
