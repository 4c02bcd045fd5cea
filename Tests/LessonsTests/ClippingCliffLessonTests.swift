import Foundation
import Testing

@testable import UnrollLessons

struct ClippingCliffLessonTests {
  @Test func itsPredictionsHold() throws {
    let report = try Lesson.clippingCliff.report()
    #expect(report.result.findings.suffix(3) == ["finding", "finding stuck", "finding ends"])
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  /// r = w σ′(x₀), and the sum of its powers, beside the difference quotient.
  @Test func theWallsSlopeIsASumOfPowers() {
    let cliff = Cliff(length: 50, updates: 30)
    let output = 1 / (1 + exp(-0.5))
    let (slope, factor) = (output * (1 - output), 4.9 * output * (1 - output))
    for steps in [1, 2, 7, 50] {
      let sum = (0..<steps).reduce(0.0) { $0 + pow(factor, Double($1)) }
      let wanted = 2 * (output - 0.7) * slope * sum
      #expect(abs(cliff.predictedSlope(steps: steps) / wanted - 1) < 1e-12)
      #expect(abs(cliff.slope(steps: steps) / wanted - 1) < 1e-4)
    }
  }

  /// The cut follows the gradient: beside the place E falls by ‖g‖ times the distance.
  @Test func theCutGoesAgainstTheGradient() {
    let cliff = Cliff(length: 10, updates: 30)
    let cut = cliff.cut(at: cliff.report().descents[0].bundle.path)
    let fall = (cut.error(at: -1e-6) - cut.error(at: 1e-6)) / 2e-6
    #expect(abs(fall / cut.norm - 1) < 1e-4)
    #expect(cut.step(clippedTo: 1e-3) == cliff.settings.rate * 1e-3)
  }

  /// With 60 steps the path goes behind the wall long before its largest gradient.
  @Test func everyTimeThatItMeetsTheWallIsCounted() throws {
    let report = try Lesson.clippingCliff.report(LessonSettings(values: ["length": [60]]))
    #expect(report.result.findings.first == "finding crossings")
    let errors = try #require(report.result.panels[2].lines.first { $0.name == "plain" }).points
    let first = try #require(errors.firstIndex { $0.y > 0.2 })
    #expect(report.text.contains("the first is update \(first). "))
  }

  /// A step of 1.6 does not saturate the unit: descent goes on, and nothing says that it is stuck.
  @Test func descentThatGoesOnIsNotCalledStuck() throws {
    let report = try Lesson.clippingCliff.report(LessonSettings(values: ["length": [20]]))
    #expect(report.result.findings.suffix(3) == ["finding", "finding thrown", "finding ends"])
  }

  @Test(arguments: [["length": [2.0], "steps": [30]], ["length": [100], "steps": [30]]])
  func theEndsDoNotTrap(_ values: [String: [Double]]) throws {
    let report = try Lesson.clippingCliff.report(LessonSettings(values: values))
    #expect(!report.text.contains("{"))
  }
}
