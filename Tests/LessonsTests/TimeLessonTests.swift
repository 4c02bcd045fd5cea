import Foundation
import Testing

@testable import UnrollLessons

struct TimeLessonTests {
  @Test func itsPredictionsHold() throws {
    let report = try Lesson.time.report()
    #expect(report.result.checks.count == 7)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  /// s^k and the half-life, for factors of a user's own.
  @Test func aLinearNetworkMultipliesByS() throws {
    let shares = try ThroughTime.shares(
      ThroughTime.linear(0.9), length: 20, width: 3, seed: 4, withInputs: false)
    #expect(shares.count == 20)
    for (lag, share) in shares.enumerated() {
      #expect(abs(share / pow(0.9, Double(lag)) - 1) < 1e-14)
    }
    #expect(abs(ThroughTime.rate(shares) - 0.9) < 1e-12)
    let report = try Lesson.time.report(
      LessonSettings(seeds: 1, values: ["factors": [0.977], "length": [101]]))
    #expect(abs((report.result.checks.first?.measured ?? .nan) - 0.0976) < 1e-4)
  }

  @Test(arguments: [
    ["factors": [1e6, 1e-6, 1], "length": [2], "width": [2]],
    ["factors": [1e6, 1e-6], "length": [400], "width": [2]],
  ])
  func theEndsDoNotTrap(_ values: [String: [Double]]) throws {
    let report = try Lesson.time.report(LessonSettings(seeds: 1, values: values))
    for check in report.result.checks.prefix(2) { #expect(check.holds, "\(check)") }
  }
}
