import Foundation
import Testing
import UnrollDenseMath

@testable import UnrollOptimization

/// The percentile of more numbers than are kept.
@Suite struct CountedNumbersTests {
  /// Norms of a long run: over several powers of ten, with jumps.
  private static func norms(_ count: Int, seed: UInt64 = 5) -> [Double] {
    var random = RandomNumbers(seed: seed)
    return (0..<count).map { exp(2 * random.normal() + ($0 % 1000 == 0 ? 12 : 0)) }
  }

  @Test(arguments: [0, 1, 10, 50, 90, 99.9, 100])
  func isCloseToThatOfAllNumbers(_ p: Double) {
    let numbers = Self.norms(RunningPercentile.exactCount + 20_000)
    var running = RunningPercentile(p)
    for x in numbers { running.insert(x) }
    let sorted = numbers.sorted()
    let place = Double(sorted.count - 1) * (p / 100)
    let below = Int(place)
    let exact =
      sorted[below] + (place - Double(below))
      * (sorted[min(below + 1, sorted.count - 1)] - sorted[below])
    // Half of the width of what is counted together.
    let found = running.value ?? .nan
    #expect(abs(found / exact - 1) <= 0x1p-11, "\(found) \(exact)")
    // None is above the largest: under p = 100 nothing is clipped.
    if p == 0 || p == 100 { #expect(found == exact) }
    #expect(running.count == numbers.count)
  }

  /// Zeros, equal numbers, the ends of Double's range, in any order.
  @Test func awkwardNumbersAreCounted() {
    var counted = CountedNumbers()
    let numbers = [3, 3, 0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e-300, 0, 3, 2]
    for (index, x) in numbers.enumerated() {
      counted.insert(x)
      counted.seek(index / 2)
      let sorted = numbers[...index].sorted()
      for (place, exact) in sorted.enumerated() {
        let found = counted.number(at: place)
        #expect(found == exact || abs(found / exact - 1) <= 0x1p-11 || max(found, exact) < 1e-307)
      }
    }
  }

  @Test func memoryHasABound() {
    var running = RunningPercentile(10)
    var most = 0
    for x in Self.norms(400_000) {
      running.insert(x)
      if running.count % 10_000 == 0 { most = max(most, running.record.count) }
    }
    #expect(running.count == 400_000)
    // The 64K numbers that are kept at most.
    #expect(most <= RunningPercentile.exactCount && running.record.count < 50_000)
  }

  /// A clipper that goes on from a checkpoint decides as the one that was not interrupted: to the bit,
  /// before, at and after the change to counts.
  @Test(arguments: [
    100, RunningPercentile.exactCount - 1, RunningPercentile.exactCount, 70_000, 90_000,
  ])
  func resumedIsUninterrupted(after count: Int) throws {
    let norms = Self.norms(95_000)
    let whole = PercentileClipper<Float>(10)
    for norm in norms.prefix(count) { whole.decide(norm: norm) }
    let resumed = PercentileClipper<Float>(10)
    try resumed.restore(history: whole.history, updates: count)
    for norm in norms.dropFirst(count) {
      whole.decide(norm: norm)
      resumed.decide(norm: norm)
      #expect(resumed.commonFactor?.bitPattern == whole.commonFactor?.bitPattern)
    }
    #expect(resumed.history.sorted() == whole.history.sorted())
  }

  /// A checkpoint of an earlier version has every norm.
  @Test func aLongExactHistoryIsTaken() throws {
    let norms = Self.norms(80_000)
    let whole = PercentileClipper<Float>(10)
    for norm in norms { whole.decide(norm: norm) }
    let resumed = PercentileClipper<Float>(10)
    try resumed.restore(history: norms.sorted(), updates: norms.count)
    #expect(resumed.history == whole.history)
  }

  @Test func historiesThatNoRunHasLeftAreRefused() {
    var counted = CountedNumbers()
    for x in Self.norms(RunningPercentile.exactCount + 10) { counted.insert(x) }
    let good = counted.record
    let clipper = PercentileClipper<Float>(10)
    func refuses(_ history: [Double], updates: Int? = nil) -> Bool {
      (try? clipper.restore(history: history, updates: updates ?? counted.total)) == nil
    }
    #expect(!refuses(good))
    #expect(refuses(good, updates: counted.total - 1))
    #expect(refuses(good.dropLast()) && refuses(Array(good.prefix(3))))
    for (place, value) in [
      (0, -2.0), (1, .nan), (1, -1), (2, .infinity), (4, 0), (4, 0.5), (4, .nan),
    ] {
      var bad = good
      bad[place] = value
      #expect(refuses(bad), "\(place) \(value)")
    }
    var bad = good
    bad.swapAt(3, 5)
    #expect(refuses(bad))
    #expect(refuses([-1, 1, 1, 1, 5], updates: 5))
  }
}
