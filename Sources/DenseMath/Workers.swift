import CUnrollVectorKernels
import Foundation
import Synchronization
import UnrollText

/// Threads that run a body side by side, kept between runs.
///
/// ``run(_:)`` calls `body(0)` on the caller's thread and `body(1)`, `body(2)`, … on threads of their
/// own, and returns when all have returned. Threads end with the object.
///
/// A run allocates nothing, provided that its body was made before: keep the closure in a property
/// rather than writing it at the call.
///
/// Training makes several runs an update. Some take a few microseconds, less than waking a thread
/// does, so a thread that waits polls for a moment before it sleeps.
public final class Workers: Sendable {
  /// What each worker does in a run, told its number.
  public typealias Body = @Sendable (_ worker: Int) -> Void

  /// The number of workers, the caller's thread included.
  public let count: Int
  private let gate = Gate()

  /// The number of cores this process may use: those of its CPU affinity on Linux, which `taskset`,
  /// `mpirun` and schedulers set, and the machine's elsewhere.
  public static var availableCores: Int { CoreSet.present.count }

  /// Starts `count` − 1 threads. Where the system does not start one, the process ends with a line that
  /// says so.
  public init(count: Int) {
    require(count >= 1, "expected at least 1 worker, got \(count)")
    self.count = count
    for worker in 1..<count {
      start(worker)
    }
  }

  deinit { gate.close() }

  private func start(_ worker: Int) {
    let context = Unmanaged.passRetained(Member(gate, worker))
    let failure = unroll_start_thread(
      8 << 20,
      { context in
        if let context { Unmanaged<Member>.fromOpaque(context).takeRetainedValue().work() }
      }, context.toOpaque())
    if failure == 0 { return }
    context.release()
    endProcess(
      "thread \(worker + 1) of \(count) cannot be started: \(String(cString: strerror(failure))); "
        + "accepted are fewer threads, or higher limits (ulimit -u for their number, -v for memory)"
    )
  }

  /// Runs `body` once on every worker. Not to be called from two threads at once.
  public func run(_ body: @escaping Body) {
    if count == 1 { return body(0) }
    gate.open(for: count - 1, running: body)
    body(0)
    gate.waitUntilAllFinished()
  }
}

/// What one of the threads does.
private final class Member: Sendable {
  private let gate: Gate
  private let number: Int

  init(_ gate: Gate, _ number: Int) { (self.gate, self.number) = (gate, number) }

  func work() {
    var round = 0
    while let next = gate.waitForRound(after: round) {
      round = next
      gate.body(number)
      gate.finishOne()
    }
  }
}

/// Where a caller and its threads wait for each other.
///
/// Counters change without the lock, which only sleeping threads need. A thread that is about to sleep
/// adds itself to `sleepers` and then reads the counter again; a thread that changes a counter then
/// reads `sleepers`. All four operations are sequentially consistent, so one thread sees the other.
private final class Gate: Sendable {
  private let condition = NSCondition()
  private let round = Atomic(0)
  private let running = Atomic(0)
  private let sleepers = Atomic(0)
  private let closed = Atomic(false)
  /// Written before a round opens and read by threads that have seen it open; the next is not written
  /// before all of them have finished.
  nonisolated(unsafe) private(set) var body: Workers.Body = { _ in }

  func open(for threads: Int, running body: @escaping Workers.Body) {
    self.body = body
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

  /// Polls for about a tenth of a millisecond, then sleeps.
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
