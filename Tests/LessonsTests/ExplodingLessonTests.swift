import Foundation
import Testing

@testable import UnrollLessons

struct ExplodingLessonTests {
  /// The course of a run that explodes hangs on its last digits, and so on the kernels in use: the
  /// checks are counts of seeds, and medians.
  @Test func itsPredictionsHold() throws {
    let report = try Lesson.exploding.report()
    #expect(report.result.checks.count == 6)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
    // The text has the number that the first panel shows.
    let plain = try #require(report.result.panels[0].lines.first { $0.name == "plain" })
    let largest = plain.points.map(\.y).filter(\.isFinite).max() ?? .nan
    #expect(report.result.numbers["largest-plain"] == .scientific(largest))
    #expect(
      report.result.findings
        == ["finding plain", "finding held", "finding untaught", "finding decay", "finding cost"])
  }

  /// The least value of E[(b − y)²] + ½ λ b² over b leaves E[(b − y)²] = ⅙ + (1 − b)².
  @Test(arguments: [0.0, 1, 3, 10])
  func thePenaltyLeavesABias(_ penalty: Double) {
    let bias = (0...100_000).map { Double($0) / 100_000 }.min {
      pow($0 - 1, 2) + 0.5 * penalty * $0 * $0 < pow($1 - 1, 2) + 0.5 * penalty * $1 * $1
    }
    let loss = 1.0 / 6 + pow(1 - (bias ?? .nan), 2)
    #expect(abs(Exploding.loss(penalty: penalty) - loss) < 1e-4)
  }

  /// Ten steps are few enough to learn in 400 updates.
  @Test func whatIsLearnedIsNotDenied() throws {
    let report = try Lesson.exploding.report(LessonSettings(seeds: 2, values: ["length": [10]]))
    #expect(report.result.findings.contains("finding taught"))
  }

  /// No loss is predicted of the few runs that hold where most explode.
  @Test func lossesAreComparedWhereMostRunsHold() throws {
    let report = try Lesson.exploding.report(LessonSettings(seeds: 3, values: ["length": [100]]))
    for name in ["decay 3", "decay 10"] {
      guard case .count(let bad)? = report.result.numbers["bad \(name)"] else {
        Issue.record("no count of \(name)")
        return
      }
      #expect(report.result.checks.contains { $0.name == "loss \(name)" } == (2 * bad <= 3))
    }
  }

  @Test func theEndsDoNotTrap() throws {
    let report = try Lesson.exploding.report(
      LessonSettings(seeds: 1, values: ["length": [6], "steps": [20]]))
    #expect(!report.text.contains("{"))
  }
}
