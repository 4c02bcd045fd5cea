import Testing

@testable import UnrollLessons

struct GradientCheckLessonTests {
  /// 0.001: the penalty of the exercise.
  @Test(arguments: [1e-4, 0.001])
  func everyPredictionHolds(penalty: Double) throws {
    let report = try Lesson.gradientCheck.report(LessonSettings(values: ["penalty": [penalty]]))
    #expect(report.result.checks.count == 7)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
    // The limit of 1e-3 finds the larger of the two penalties alone.
    let forgotten = try #require(report.result.checks.first { $0.name == "penalty" })
    #expect((forgotten.measured > 1e-3) == (penalty > 5e-4))
  }

  /// The mistake is in the first layer's derivative, so the other parameters are right.
  @Test func theSecondPanelShowsWhereTheMistakeIs() throws {
    let report = try Lesson.gradientCheck.report(LessonSettings(seeds: 2))
    let panel = report.result.panels[1]
    let wrong = try #require(panel.lines.first { $0.name == "slope" })
    for (name, point) in zip(panel.categories, wrong.points) {
      #expect((point.y > 1e-3) == name.hasPrefix("layers.0."), "\(name)")
    }
  }

  /// A wrong gradient lets the loss fall all the same, which is why a check is needed.
  @Test func trainingHidesTheMistake() throws {
    let report = try Lesson.gradientCheck.report()
    #expect(report.result.panels[2].lines.map(\.name) == ["right", "slope", "penalty"])
    for line in report.result.panels[2].lines {
      #expect(line.points[199].y < 0.2 * line.points[0].y, "\(line.name)")
    }
  }

  /// A penalty that counts beside the loss shows when its term is forgotten.
  @Test(arguments: [(1e-4, "finding hides"), (0.01, "finding shows"), (1, "finding shows")])
  func whatIsSaidOfTrainingFollowsTheLosses(penalty: Double, finding: String) throws {
    let report = try Lesson.gradientCheck.report(
      LessonSettings(seeds: 2, values: ["penalty": [penalty]]))
    #expect(report.result.findings == ["finding", finding, "finding single"])
  }

  @Test(arguments: [["width": [2.0]], ["width": [16]], ["penalty": [1e-6]], ["penalty": [1]]])
  func parametersAtTheirEndsMakeAReport(values: [String: [Double]]) throws {
    let report = try Lesson.gradientCheck.report(LessonSettings(seeds: 1, values: values))
    #expect(report.result.panels.count == 3)
  }
}
