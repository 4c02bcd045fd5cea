import Testing
import UnrollDenseMath

@testable import UnrollOptimization

@Suite struct RunningPercentileTests {
  /// NumPy's definition on sorted numbers: the place (n − 1)·p/100, linearly between neighbors.
  private func percentile(_ p: Double, of values: [Double]) -> Double {
    let sorted = values.sorted()
    let place = Double(sorted.count - 1) * (p / 100)
    let below = Int(place)
    let (share, above) = (place - Double(below), min(below + 1, sorted.count - 1))
    let gap = sorted[above] - sorted[below]
    return share < 0.5 ? sorted[below] + gap * share : sorted[above] - gap * (1 - share)
  }

  @Test(arguments: [0, 1, 10, 33.3, 50, 62.5, 90, 99.9, 100])
  func isThatOfSortedNumbers(_ p: Double) {
    var random = RandomNumbers(seed: 3)
    var running = RunningPercentile(p)
    #expect(running.value == nil)
    var values: [Double] = []
    for count in 1...2000 {
      // Some come twice, some in runs that rise.
      let x = count % 7 == 0 ? values[count / 2] : count % 50 < 5 ? Double(count) : random.normal()
      values.append(x)
      running.insert(x)
      if count < 100 || count % 97 == 0 {
        #expect(running.value == percentile(p, of: values), "number \(count)")
      }
    }
    #expect(running.record.sorted() == values.sorted())
  }

  /// numpy.percentile([0.3, 2.7, 1.1, 4.4, 0.9], p), NumPy 2.4.6.
  @Test(arguments: [
    (10, 0.54), (37.5, 1.0), (62.5, 1.9000000000000001), (90, 3.7200000000000006),
  ])
  func isNumPys(_ p: Double, _ expected: Double) {
    var running = RunningPercentile(p)
    for x in [0.3, 2.7, 1.1, 4.4, 0.9] { running.insert(x) }
    #expect(running.value == expected)
  }
}
