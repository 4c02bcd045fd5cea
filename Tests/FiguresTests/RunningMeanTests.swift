import Testing

@testable import UnrollFigures

@Suite struct RunningMeanTests {
  @Test func aShortSeriesIsNotSmoothed() { #expect(RunningMean.span(count: 3) == 1) }

  @Test func ofALineIsTheLine() {
    let count = 1_800
    let mean = RunningMean(
      steps: Array(0..<count), values: (0..<count).map(Double.init), isDrawable: \.isFinite)
    let inner = mean.rows[100..<800]
    // A group of two has its mean half a step before its middle.
    #expect(inner.allSatisfy { abs($0[1] - $0[0] + 0.5) < 1e-9 })
  }

  @Test func passesOverGaps() {
    let values = (0..<600).map { $0 % 2 == 0 ? 4.0 : .nan }
    let mean = RunningMean(steps: Array(0..<600), values: values, isDrawable: \.isFinite)
    #expect(mean.rows.allSatisfy { $0[1].isNaN || abs($0[1] - 4) < 1e-12 })
    #expect(mean.rows.filter { !$0[1].isNaN }.count == 300)
  }
}
