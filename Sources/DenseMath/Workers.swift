import CVectorKernels
import Foundation
import Synchronization

/// Threads that run one body side by side, kept between runs.
///
/// `run()` calls `body(0)` on the caller's thread and `body(1)`, `body(2)`, … on threads of their
/// own, and returns when all have returned. The body is fixed at creation, so that a run allocates
/// nothing. Threads end with the object.
///
/// Training makes several runs an update, some of a few microseconds, which waking a thread would
/// exceed. So whoever waits looks for a moment before it sleeps.
public final class Workers: Sendable {
  public let count: Int
  private let body: @Sendable (Int) -> Void
  private let gate = Gate()

  /// The number of processors this process may use.
  public static var availableCores: Int { ProcessInfo.processInfo.activeProcessorCount }

  public init(count: Int, body: @escaping @Sendable (_ worker: Int) -> Void) {
    precondition(count >= 1, "expected at least 1 worker, got \(count)")
    self.count = count
    self.body = body
    for worker in 1..<count {
      let thread = Thread { [gate] in
        var round = 0
        while let next = gate.waitForRound(after: round) {
          round = next
          body(worker)
          gate.finishOne()
        }
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  deinit { gate.close() }

  /// Runs the body once on every worker. Not to be called from two threads at once.
  public func run() {
    if count == 1 { return body(0) }
    gate.open(for: count - 1)
    body(0)
    gate.waitUntilAllFinished()
  }
}

/// The meeting point of a caller and its threads.
///
/// Counters change without the lock; it is for those who sleep. Who is about to sleep says so in
/// `sleepers` and then looks at the counter again; who changes a counter then looks at `sleepers`.
/// As these four are sequentially consistent, one of the two sees the other.
private final class Gate: Sendable {
  private let condition = NSCondition()
  private let round = Atomic(0)
  private let running = Atomic(0)
  private let sleepers = Atomic(0)
  private let closed = Atomic(false)

  func open(for threads: Int) {
    running.store(threads, ordering: .sequentiallyConsistent)
    round.add(1, ordering: .sequentiallyConsistent)
    wakeSleepers()
  }

  /// The number of the next round, or nil once closed.
  func waitForRound(after last: Int) -> Int? {
    wait { round.load(ordering: .sequentiallyConsistent) != last || isClosed }
    return isClosed ? nil : round.load(ordering: .sequentiallyConsistent)
  }

  func finishOne() {
    if running.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { wakeSleepers() }
  }

  func waitUntilAllFinished() { wait { running.load(ordering: .sequentiallyConsistent) == 0 } }

  func close() {
    closed.store(true, ordering: .sequentiallyConsistent)
    wakeSleepers()
  }

  private var isClosed: Bool { closed.load(ordering: .sequentiallyConsistent) }

  /// Looks for about a tenth of a millisecond, then sleeps.
  private func wait(until isOver: () -> Bool) {
    let start = unroll_nanoseconds()
    while !isOver() {
      if unroll_nanoseconds() - start < 100_000 {
        for _ in 0..<16 { unroll_pause() }
      } else {
        condition.lock()
        sleepers.add(1, ordering: .sequentiallyConsistent)
        while !isOver() { condition.wait() }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
        condition.unlock()
      }
    }
  }

  private func wakeSleepers() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }
}
