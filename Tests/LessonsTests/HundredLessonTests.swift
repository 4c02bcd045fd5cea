import Foundation
import Testing

@testable import UnrollLessons

struct HundredLessonTests {
  /// The fixed point of q and the integral, by a sum over another grid.
  @Test func predictedFactorIsThatOfGaussianPreActivations() {
    let gain = 0.5524 * 0.5524 * 128.0
    func mean(_ q: Double, _ f: (Double) -> Double) -> Double {
      let places = stride(from: -7.0, to: 7, by: 0.037).map { $0 }
      let weights = places.map { exp(-$0 * $0 / 2) }
      return zip(places, weights).reduce(0) { $0 + f($1.0 * q.squareRoot()) * $1.1 }
        / weights.reduce(0, +)
    }
    func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    var q = 1.0
    for _ in 0..<200 { q = gain * mean(q) { pow(sigmoid($0), 2) } }
    let factor = (gain * mean(q) { pow(sigmoid($0) * sigmoid(-$0), 2) }).squareRoot()
    #expect(abs(factor - Hundred.predictedFactor) < 1e-6)
    #expect((0.78...0.8).contains(factor))
  }

  @Test func topTwentyMoveAndNothingIsLearned() throws {
    let report = try Lesson.hundred.report(LessonSettings(seeds: 5))
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  @Test func endsOfItsNumbersDoNotTrap() throws {
    let report = try Lesson.hundred.report(LessonSettings(seeds: 1, values: ["layers": [40]]))
    #expect(report.result.panels.count == 3)
  }

  @Test func aFifthOfTheRowsIsClassOne() {
    // 13 of 64 rows.
    let share = 13.0 / 64
    let entropy = -share * log(share) - (1 - share) * log(1 - share)
    #expect(abs(Hundred.data(seed: 3).guessingLoss - entropy) < 1e-14)
  }
}
