import Foundation

/// Threads that run one body side by side, kept between runs.
///
/// `run()` calls `body(0)` on the caller's thread and `body(1)`, `body(2)`, … on threads of their
/// own, and returns when all have returned. The body is fixed at creation, so that a run allocates
/// nothing. Threads wait on a condition while idle and end with the object.
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

/// The meeting point of a caller and its threads. The lock guards both counters.
private final class Gate: @unchecked Sendable {
  private let condition = NSCondition()
  private var round = 0
  private var running = 0
  private var closed = false

  func open(for threads: Int) {
    condition.lock()
    round += 1
    running = threads
    condition.broadcast()
    condition.unlock()
  }

  /// The number of the next round, or nil once closed.
  func waitForRound(after last: Int) -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while round == last && !closed { condition.wait() }
    return closed ? nil : round
  }

  func finishOne() {
    condition.lock()
    running -= 1
    if running == 0 { condition.broadcast() }
    condition.unlock()
  }

  func waitUntilAllFinished() {
    condition.lock()
    while running > 0 { condition.wait() }
    condition.unlock()
  }

  func close() {
    condition.lock()
    closed = true
    condition.broadcast()
    condition.unlock()
  }
}
