import Testing

@testable import UnrollRecurrentCells

/// Chains run backward with few states kept, counted run by run.
@Suite struct ReversalScheduleTests {
  /// Runs a chain of `count` segments backward as a workspace does.
  ///
  /// - Returns: how often each segment was run only to get on, and the most states kept at once.
  private func reverse(_ count: Int, keeping places: Int) -> (runs: [Int], kept: Int) {
    var schedule = ReversalSchedule(places: places)
    var runs = Array(repeating: 0, count: count)
    var kept = 1
    for target in (0..<count).reversed() {
      var (place, segment) = schedule.lastKept(before: target)
      #expect(schedule.kept[place] == segment)
      while segment < target {
        let stop = schedule.nextStop(from: segment, to: target)
        #expect(stop > segment && stop <= target)
        for passed in segment..<stop { runs[passed] += 1 }
        segment = stop
        if segment < target, let free = schedule.keep(before: segment) {
          place = free
          #expect(schedule.kept[place] == segment)
        }
      }
      kept = max(kept, schedule.kept.count)
    }
    return (runs, kept)
  }

  /// The least number of runs, by trying every first state to keep.
  private func fewestRuns(upTo count: Int, keeping places: Int) -> [[Int]] {
    var fewest = [Array(repeating: 0, count: count + 1)]
    fewest.append((0...count).map { $0 * max($0 - 1, 0) / 2 })
    for kept in 2...places {
      var row = [0, 0]
      for length in 2...count {
        row.append((1..<length).map { $0 + fewest[kept - 1][length - $0] + row[$0] }.min() ?? 0)
      }
      fewest.append(row)
    }
    return fewest
  }

  @Test func takesTheFewestRuns() {
    let fewest = fewestRuns(upTo: 90, keeping: 7)
    for places in 1...7 {
      for count in 1...90 {
        let (runs, kept) = reverse(count, keeping: places)
        let total = runs.reduce(0, +)
        // The state before the last segment is not kept, so that there is one place more than counted.
        #expect(total <= fewest[places][count], "\(count) segments, \(places) places")
        #expect(
          ReversalSchedule.leadingRuns(of: count, keeping: places) == fewest[places][count])
        #expect(kept <= places)
      }
    }
  }

  /// With a place for each state but the last, every segment is passed once.
  @Test(arguments: [1, 2, 3, 10, 97])
  func passesOnceWithAllStatesKept(_ count: Int) {
    let (runs, _) = reverse(count, keeping: max(count - 1, 1))
    #expect(runs == Array(repeating: 1, count: count - 1) + [0])
  }

  /// log₂ n states do for n segments with log₂ n runs of each at most.
  @Test func staysLogarithmic() {
    let (runs, _) = reverse(1 << 14, keeping: 14)
    #expect(runs.max() ?? 0 <= 14)
  }

  /// β(s, r) by Pascal's rule, and its bound.
  @Test func longestChains() {
    for places in 1...12 {
      for repeats in 1...12 {
        #expect(
          ReversalSchedule.longest(places, repeats)
            == ReversalSchedule.longest(places - 1, repeats)
            + ReversalSchedule.longest(places, repeats - 1))
      }
    }
    #expect(ReversalSchedule.longest(3, -1) == 0)
    #expect(ReversalSchedule.longest(1_000, 1_000) == 1 << 62)
    #expect(ReversalSchedule.leadingRuns(of: 1_000_000, keeping: 1) == 499_999_500_000)
  }
}
