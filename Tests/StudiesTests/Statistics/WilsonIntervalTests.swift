import Testing
import UnrollStudies

/// Against statsmodels 0.15, `proportion_confint(s, n, method="wilson")`.
struct WilsonIntervalTests {
  @Test(arguments: [
    (0, 5, 0, 0.43448246478317487), (5, 5, 0.5655175352168252, 1),
    (3, 5, 0.2307242812760129, 0.8823792257673522),
    (2, 10, 0.056682151454375246, 0.5098375284633583),
    (17, 40, 0.28509392559950375, 0.5780493145800893),
    (1, 1000, 0.00017654637062607765, 0.005642558597957937),
  ])
  func isStatsmodels(successes: Int, trials: Int, low: Double, high: Double) throws {
    let interval = try #require(WilsonInterval(successes: successes, trials: trials))
    #expect(abs(interval.low - low) < 1e-15 && abs(interval.high - high) < 1e-15)
  }

  @Test func ofNothingIsNone() { #expect(WilsonInterval(successes: 0, trials: 0) == nil) }
}
