import Foundation
import Testing

@testable import UnrollLessons

struct DyingReLULessonTests {
  @Test func everyPredictionHolds() throws {
    let report = try Lesson.dyingReLU.report()
    #expect(report.result.checks.count == 6)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  /// Not pooled: the mean over layers hides the one that is worst.
  @Test func theShareIsThatOfEachLayer() throws {
    let report = try Lesson.dyingReLU.report()
    let killed = try #require(report.result.panels[0].lines.first { $0.name == "killed" })
    #expect(killed.points.count == 3)
    #expect(killed.points[2].y > 0.8 && killed.points[0].y < 0.3)
  }

  /// A small rate kills few, so no network is cut through and nothing is said of one.
  @Test func aSmallRateKillsFew() throws {
    let report = try Lesson.dyingReLU.report(LessonSettings(seeds: 3, values: ["rate": [0.01]]))
    #expect(report.result.findings == ["finding", "finding started", "finding revival"])
    // Nor is anything predicted of units that were off from the start.
    #expect(!report.result.checks.contains { ["cut loss", "ahead"].contains($0.name) })
    let dead = try #require(report.result.panels.first).lines
    #expect(dead[0].name == "started" && dead[1].name == "killed")
    for (started, killed) in zip(dead[0].points, dead[1].points) {
      #expect(abs(started.y - killed.y) < 0.1)
    }
  }

  /// Another activation turns units on before any update, so that only losses say what its slope is worth.
  @Test func theExchangeIsToldApartFromTheTraining() throws {
    let report = try Lesson.dyingReLU.report()
    let revived = try #require(report.result.panels[1].lines.first { $0.name == "PReLU" })
    #expect(revived.points[0].y > 0.8)
    guard case .list(let swapped)? = report.result.numbers["swapped"] else {
      Issue.record("no list")
      return
    }
    #expect(swapped.count == 3)
    let check = try #require(report.result.checks.first { $0.name == "ahead" })
    guard case .count(let cut)? = report.result.numbers["cut"] else {
      Issue.record("no count")
      return
    }
    #expect(check.predicted == (Double(cut) / 2).rounded(.up))
    #expect((check.predicted...Double(cut)).contains(check.measured))
  }

  @Test(arguments: [1e-6, 1e3])
  func parametersAtTheirEndsMakeAReport(rate: Double) throws {
    let report = try Lesson.dyingReLU.report(LessonSettings(seeds: 2, values: ["rate": [rate]]))
    #expect(report.result.panels.count == 3)
    #expect(report.result.checks.first { $0.name == "forever" }?.holds == true)
  }
}
