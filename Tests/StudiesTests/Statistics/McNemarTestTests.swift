import Testing
import UnrollStudies

/// Against statsmodels 0.15, `mcnemar([[1, b], [c, 1]], exact=True)`.
struct McNemarTestTests {
  @Test(arguments: [
    (0, 0, 1), (5, 0, 0.0625), (8, 2, 0.109375), (3, 3, 1), (20, 35, 0.05806414679240905),
  ])
  func isStatsmodels(onlyFirst: Int, onlySecond: Int, p: Double) {
    #expect(abs(McNemarTest(onlyFirst: onlyFirst, onlySecond: onlySecond).p - p) < 1e-13)
  }
}
