import Testing
import UnrollStudies

struct HolmAdjustmentTests {
  /// Against statsmodels 0.15, `multipletests(p, method="holm")`.
  @Test func isStatsmodels() {
    let adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005, 0.5, 0.03])
    for (own, other) in zip(adjusted, [0.05, 0.12, 0.12, 0.03, 0.5, 0.12]) {
      #expect(abs(own - other) < 1e-15)
    }
    #expect(holmAdjusted([]).isEmpty)
  }
}
