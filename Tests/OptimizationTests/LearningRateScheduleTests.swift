import Testing

@testable import UnrollOptimization

@Suite struct LearningRateScheduleTests {
  /// At points worked out by hand; cosines are of ⅓π, ½π, ⅔π.
  @Test(
    arguments: [
      (
        LearningRateSchedule(base: 0.5, horizon: 100), [(0, 0.5), (1, 0.5), (99, 0.5), (1000, 0.5)]
      ),
      (
        .init(base: 1, shape: .step(every: 10, factor: 0.5), horizon: 100),
        [(0, 1), (9, 1), (10, 0.5), (19, 0.5), (20, 0.25), (99, 0.001953125)]
      ),
      (
        .init(base: 2, shape: .cosine, horizon: 60),
        [(0, 2), (20, 1.5), (30, 1), (40, 0.5), (60, 0), (61, 0), (600, 0)]
      ),
      (
        .init(base: 1, warmup: 4, horizon: 100),
        [(0, 0.25), (1, 0.5), (2, 0.75), (3, 1), (4, 1), (99, 1)]
      ),
      // The cosine spans what follows the warm-up.
      (
        .init(base: 1, shape: .cosine, warmup: 40, horizon: 100),
        [(0, 0.025), (39, 1), (40, 1), (60, 0.75), (70, 0.5), (80, 0.25), (100, 0)]
      ),
      // Drops are counted from the start, the warm-up included.
      (
        .init(base: 1, shape: .step(every: 3, factor: 0.1), warmup: 2, horizon: 9),
        [(0, 0.5), (1, 1), (2, 1), (3, 0.1), (6, 0.01)]
      ),
    ] as [(LearningRateSchedule, [(Int, Double)])])
  func ratesAreThoseWorkedOut(schedule: LearningRateSchedule, points: [(Int, Double)]) {
    for (step, rate) in points {
      // A few roundings of a number of magnitude 2.
      #expect(abs(schedule.rate(at: step) - rate) < 1e-15, "update \(step)")
    }
  }

  @Test func oddHorizonsDoNotTrap() {
    for horizon in [0, 1, 5] {
      let schedule = LearningRateSchedule(base: 1, shape: .cosine, warmup: 5, horizon: horizon)
      for step in 0..<10 { #expect((0...1).contains(schedule.rate(at: step))) }
    }
  }
}
