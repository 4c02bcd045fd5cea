import Testing

@testable import UnrollCommands

/// Simulated sweeps: two threads make runs in turn, whose updates take known times.
struct SweepTimeLeftTests {
  struct Run {
    var setting: Int
    var cost = 1.0
    var updates = 100
    /// Seconds of an update.
    var pace = 0.1
    /// After how many updates it ends.
    var end = 100
  }

  /// The estimates after each update, with what was in truth left.
  private func estimates(
    _ runs: [Run], threads: Int = 2
  ) -> [(share: Double, range: ClosedRange<Double>, left: Double)] {
    var timeLeft = SweepTimeLeft(threads: threads)
    for run in runs {
      _ = timeLeft.add(.init(setting: run.setting, perUpdate: run.cost, updates: run.updates))
    }
    var seen: [(now: Double, range: ClosedRange<Double>)] = []
    var next = 0
    var active: [(run: Int, done: Int, at: Double)] = []
    func start(at now: Double) {
      guard next < runs.count else { return }
      active.append((next, 0, now + runs[next].pace))
      next += 1
    }
    for _ in 0..<threads { start(at: 0) }
    var now = 0.0
    while let place = active.indices.min(by: { active[$0].at < active[$1].at }) {
      let run = runs[active[place].run]
      now = active[place].at
      active[place].done += 1
      timeLeft.update(active[place].run, update: active[place].done, of: run.updates, at: now)
      if active[place].done == run.end {
        timeLeft.end(active[place].run, at: now)
        active.remove(at: place)
        start(at: now)
      } else {
        active[place].at = now + run.pace
      }
      if let range = timeLeft.estimate() { seen.append((now, range)) }
    }
    #expect(!seen.isEmpty)
    return seen.map { ($0.now / now, $0.range, now - $0.now) }
  }

  /// Runs alike are known from the first second on: the truth is in the range, which narrows.
  @Test func alikeRunsAreKnownAtOnce() throws {
    let seen = estimates((0..<20).map { _ in Run(setting: 0) })
    let first = try #require(seen.first)
    #expect(first.left > 95)
    for (share, range, left) in seen {
      // Two updates of slack: what is under way counts only when it is done.
      #expect(range.lowerBound <= left + 0.2 && range.upperBound >= left - 0.2)
      if share > 0.2 { #expect(range.upperBound <= 1.4 * max(left, 1)) }
    }
    // It does not swing: from one second to the next by a tenth and the second itself at most.
    for (one, other) in zip(seen, seen.dropFirst()) {
      #expect(abs(one.range.upperBound - other.range.upperBound) <= 0.1 * one.range.upperBound + 1)
    }
  }

  /// Runs that cost ten times as much take ten times as long, though none of them has begun.
  @Test func dearRunsToComeAreCounted() throws {
    let runs =
      (0..<10).map { _ in Run(setting: 0, cost: 1, pace: 0.1) }
      + (0..<10).map { _ in Run(setting: 1, cost: 10, pace: 1) }
    let seen = estimates(runs)
    for (_, range, left) in seen where left > 2 {
      #expect(range.lowerBound <= left + 2 && range.upperBound >= left - 2)
    }
  }

  /// Where cost says little of the time, a setting's own speed counts once it has one, and before that
  /// the range is as wide as settings differ.
  @Test func settingsHaveTheirOwnSpeed() throws {
    // A setting whose updates take four times as long as their cost says, made in turns with the other.
    let runs = (0..<20).map { Run(setting: $0 % 2, cost: 1, pace: $0 % 2 == 0 ? 0.1 : 0.4) }
    for (share, range, left) in estimates(runs) where share > 0.2 && share < 0.9 {
      #expect(range.lowerBound <= left * 1.15 && range.upperBound >= left * 0.85)
      #expect(range.upperBound <= 1.6 * left + 2)
    }
  }

  /// Runs that end early leave less than all of their updates: that is the lower end.
  @Test func runsThatEndEarlyAreTheLowerEnd() throws {
    let seen = estimates((0..<20).map { _ in Run(setting: 0, end: 40) })
    for (share, range, left) in seen where share > 0.2 && share < 0.9 {
      #expect(range.lowerBound <= left + 1)
      #expect(range.upperBound >= left)
    }
  }

  /// The last run is made by one thread, however many there are.
  @Test func theLastRunIsNotShared() {
    let seen = estimates([Run(setting: 0), Run(setting: 0, end: 100)], threads: 8)
    for (_, range, left) in seen { #expect(range.upperBound >= left - 0.2) }
  }

  @Test func nothingIsSaidWithoutKnowledge() {
    var timeLeft = SweepTimeLeft(threads: 2)
    #expect(timeLeft.estimate() == nil)
    let run = timeLeft.add(.init(setting: 0, perUpdate: 1, updates: 10))
    #expect(timeLeft.estimate() == nil)
    timeLeft.update(run, update: 1, of: 10, at: 6)
    #expect(timeLeft.estimate() == nil)
    timeLeft.update(run, update: 2, of: 10, at: 6.6)
    #expect(timeLeft.estimate() != nil)
    timeLeft.end(run, at: 7)
    #expect(timeLeft.estimate() == nil)
  }
}
