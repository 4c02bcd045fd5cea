import Testing
import UnrollStudies

struct OrderStatisticsTests {
  /// Against NumPy 2.4, `quantile(x, [0.25, 0.5, 0.75])`.
  @Test func quantilesAreNumPys() {
    let values = OrderStatistics([0.31, 0.29, 1.5, 0.02, 0.77, 0.4, 0.41, 2.25, 0.09])
    #expect([0.25, 0.5, 0.75].map(values.quantile) == [0.29, 0.4, 0.77])
    #expect(OrderStatistics([1, 2, 4, 8]).quantile(0.25) == 1.75)
    #expect(OrderStatistics([]).median == nil)
  }

  @Test func whatIsNotFiniteCountsAsInfinite() {
    let values = OrderStatistics([.nan, 1, -.infinity, 3])
    #expect(values.values == [1, 3, .infinity, .infinity])
    #expect(values.quantile(0.25) == 2.5 && values.median == .infinity)
    #expect(values.quantile(1) == .infinity)
  }

  /// Against SciPy 1.17, `quantile_test(range(1, n + 1), p=0.5).confidence_interval(0.95)`.
  @Test(arguments: [
    (6, 1, 6), (7, 1, 7), (8, 1, 8), (9, 2, 8), (10, 2, 9), (20, 6, 15), (30, 10, 21),
    (100, 40, 61), (1000, 469, 532),
  ])
  func theMediansIntervalIsSciPys(count: Int, low: Int, high: Int) {
    let interval = OrderStatistics((1...count).map(Double.init)).medianInterval
    #expect(interval == Double(low)...Double(high))
  }

  @Test func ofFewerThanSixThereIsNoInterval() {
    #expect(OrderStatistics([1, 2, 3, 4, 5]).medianInterval == nil)
    #expect(OrderStatistics([]).medianInterval == nil)
  }

  /// Unsolved runs count: 300 updates of 2 of 5 is no better than 500 of 3 of 5.
  @Test func updatesToSolveCountUnsolvedRuns() {
    #expect(OrderStatistics.updatesByWhichHalfSolved([300, 250], runs: 5) == nil)
    #expect(OrderStatistics.updatesByWhichHalfSolved([600, 400, 500], runs: 5) == 600)
    #expect(OrderStatistics.updatesByWhichHalfSolved([600, 400], runs: 4) == 600)
    #expect(OrderStatistics.updatesByWhichHalfSolved([1, 2, 3, 4], runs: 4) == 2)
    #expect(OrderStatistics.updatesByWhichHalfSolved([], runs: 0) == nil)
  }
}
