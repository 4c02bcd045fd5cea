import Testing

@testable import UnrollFigures

@Suite struct ThinnedSeriesTests {
  @Test func shortSeriesIsKept() {
    let thinned = ThinnedSeries(
      steps: [5, 6, 7], values: [1, .nan, 3], isDrawable: \.isFinite)
    #expect(thinned.extremes.map { $0[0] } == [5, 6, 7])
    #expect(
      thinned.extremes[0][1] == 1 && thinned.extremes[1][1].isNaN && thinned.extremes[2][1] == 3)
    #expect(ThinnedSeries.meanSpan(count: 3) == 1)
  }

  @Test func noSpikeIsLost() {
    var values = [Double](repeating: 1, count: 100_000)
    values[54_321] = 1e9
    values[77_777] = -1
    let thinned = ThinnedSeries(
      steps: Array(1...100_000), values: values, isDrawable: \.isFinite)
    #expect(thinned.extremes.count < 2_000)
    #expect(thinned.extremes.contains([54_322, 1e9]))
    #expect(thinned.extremes.contains([77_778, -1]))
    let steps = thinned.extremes.map { $0[0] }
    #expect(steps == steps.sorted())
  }

  @Test func runningMeanOfALineIsTheLine() {
    let count = 1_800
    let thinned = ThinnedSeries(
      steps: Array(0..<count), values: (0..<count).map(Double.init), isDrawable: \.isFinite)
    let inner = thinned.runningMeans[100..<800]
    // A group of two has its mean half a step before its middle.
    #expect(inner.allSatisfy { abs($0[1] - $0[0] + 0.5) < 1e-9 })
  }

  @Test func meanPassesOverGaps() {
    let values = (0..<600).map { $0 % 2 == 0 ? 4.0 : .nan }
    let thinned = ThinnedSeries(steps: Array(0..<600), values: values, isDrawable: \.isFinite)
    #expect(thinned.runningMeans.allSatisfy { $0[1].isNaN || abs($0[1] - 4) < 1e-12 })
    #expect(thinned.runningMeans.filter { !$0[1].isNaN }.count == 300)
  }
}
