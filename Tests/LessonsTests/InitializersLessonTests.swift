import Testing

@testable import UnrollLessons

struct InitializersLessonTests {
  /// Ten seeds at a width of 256, as the lesson's 5% are meant, through fewer layers.
  @Test func everyFactorFollowsTheory() throws {
    let report = try Lesson.initializers.report(LessonSettings(values: ["layers": [20]]))
    #expect(report.result.checks.count == 12)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  /// Over a wide and a narrow layer, n_out/n_in has the product 1 and 2·n_out/(n_in + n_out) has 8/9.
  @Test func whatIsPredictedForReLUIsExact() throws {
    let report = try Lesson.initializers.report(
      LessonSettings(seeds: 1, values: ["layers": [6], "width": [16]]))
    func predicted(_ name: String) -> Double {
      report.result.checks.first { $0.name == "ReLU, \(name)" }?.predicted ?? .nan
    }
    #expect(abs(predicted("1/n") - 0.5.squareRoot()) < 1e-3)
    #expect(abs(predicted("He") - 1) < 1e-3)
    // A pair of layers keeps ½·½·8/9 of the square.
    #expect(abs(predicted("Xavier") - (2.0 / 9).squareRoot().squareRoot()) < 1e-3)
  }

  @Test(arguments: [["layers": [5.0], "width": [16]], ["layers": [100], "width": [16]]])
  func parametersAtTheirEndsMakeAReport(values: [String: [Double]]) throws {
    let report = try Lesson.initializers.report(LessonSettings(seeds: 1, values: values))
    #expect(report.result.panels.count == 3)
  }
}
