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

  /// Two networks of which neither has learned a thing are not "the same": there is no gain to compare with.
  @Test func nothingIsSaidToBeKeptWhereNothingWasGained() throws {
    let report = try Lesson.threeHidden.report(LessonSettings(seeds: 3, values: ["steps": [10]]))
    let check = try #require(report.result.checks.first { $0.name == "cost" })
    guard case .number(let gain)? = report.result.numbers["gain"] else {
      Issue.record("no gain")
      return
    }
    #expect(gain < 0 && check.predicted == 0)
  }

  /// The path is as long as all updates together, so no shorter than the distance.
  @Test func thePathIsNoShorterThanTheDistance() throws {
    let numbers = try Lesson.threeHidden.report(
      LessonSettings(seeds: 1, values: ["steps": [100]])
    ).result.numbers
    for (path, distance) in [("path", "moved"), ("path-third", "moved-third")] {
      guard case .percent(let path) = numbers[path], case .percent(let distance) = numbers[distance]
      else {
        Issue.record("no shares")
        return
      }
      #expect(path >= distance * (1 - 1e-9))
    }
  }

  @Test func endsOfItsNumbersDoNotTrap() throws {
    let report = try Lesson.threeHidden.report(LessonSettings(seeds: 1, values: ["steps": [10]]))
    #expect(report.result.panels.count == 3 && report.findings.count == 2)
  }
}
