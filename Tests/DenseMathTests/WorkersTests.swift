import Foundation
import Synchronization
import Testing

@testable import UnrollDenseMath

@Suite struct WorkersTests {
  @Test(arguments: [1, 2, 5]) func everyWorkerRunsOnceARound(_ count: Int) {
    final class Tally: Sendable {
      let counts: Mutex<[Int]>
      init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }
    }
    let tally = Tally(count)
    let workers = Workers(count: count)
    let body: Workers.Body = { worker in tally.counts.withLock { $0[worker] += 1 } }
    for round in 1...200 {
      workers.run(body)
      #expect(tally.counts.withLock { $0 } == Array(repeating: round, count: count))
    }
  }

  @Test(arguments: [0, 1, 7, 100], [0, 1, 3, 200])
  func resultsComeInOrder(count: Int, threads: Int) {
    #expect(Workers.map(count, threads: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
  }

  /// Pauses around the tenth of a millisecond after which whoever waits goes to sleep.
  @Test func roundsFollowEachOtherAfterAnyPause() {
    let total = Mutex(0)
    let workers = Workers(count: 3)
    let body: Workers.Body = { worker in
      usleep(UInt32(worker * 60))
      total.withLock { $0 += 1 }
    }
    for round in 1...100 {
      workers.run(body)
      #expect(total.withLock { $0 } == 3 * round)
      usleep(UInt32(round * 2))
    }
  }

  #if os(Linux)
    /// Idle workers would use as much processor time as passes, did they not sleep.
    @Test func idleWorkersSleep() {
      let threads = Mutex<[pthread_t]>([])
      let workers = Workers(count: 3)
      let body: Workers.Body = { worker in
        if worker > 0 { threads.withLock { $0.append(pthread_self()) } }
      }
      workers.run(body)
      usleep(20_000)
      let before = Self.processorSeconds(of: threads.withLock { $0 })
      usleep(200_000)
      #expect(Self.processorSeconds(of: threads.withLock { $0 }) - before < 0.02)
      workers.run(body)
    }

    private static func processorSeconds(of threads: [pthread_t]) -> Double {
      threads.reduce(0) { sum, thread in
        var clock = clockid_t()
        var time = timespec()
        pthread_getcpuclockid(thread, &clock)
        clock_gettime(clock, &time)
        return sum + Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
      }
    }
  #endif

  @Test func subnormalsAreFlushedInsideTheGuardOnly() {
    func product() -> Double {
      let x = Matrix<Double>(rows: 1, columns: 8)
      x.fill(1e-300)
      x.scale(by: 1e-10)
      return x[0, 0]
    }
    #expect(product() > 0)
    #if arch(x86_64) || arch(arm64)
      let flushed = flushingSubnormals { product() }
      #expect(flushed == 0)
    #endif
    #expect(product() > 0)
  }
}
