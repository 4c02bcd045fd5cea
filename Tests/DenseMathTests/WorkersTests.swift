import Synchronization
import Testing

@testable import DenseMath

@Suite struct WorkersTests {
  @Test(arguments: [1, 2, 5]) func everyWorkerRunsOnceARound(_ count: Int) {
    final class Tally: Sendable {
      let counts: Mutex<[Int]>
      init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }
    }
    let tally = Tally(count)
    let workers = Workers(count: count) { worker in tally.counts.withLock { $0[worker] += 1 } }
    for round in 1...200 {
      workers.run()
      #expect(tally.counts.withLock { $0 } == Array(repeating: round, count: count))
    }
  }

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
