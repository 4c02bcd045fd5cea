import CUnrollVectorKernels
import Foundation

/// The cores of a machine that a process may use.
package struct CoreSet: Equatable, Sendable {
  /// At least 1.
  package let count: Int
  /// The same for two processes that may use the same cores of the same machine, and otherwise, but for
  /// chance, another. Where the system does not say which cores there are, the same on one machine.
  package let identity: UInt64

  package init(count: Int, identity: UInt64) {
    self.count = count
    self.identity = identity
  }

  /// The cores of the thread that asks. The system is first offered a set with room for
  /// 8 `firstBytes` cores.
  init(firstBytes: Int) {
    let cores = unroll_cores(firstBytes)
    self.init(
      count: cores.count > 0 ? Int(cores.count) : ProcessInfo.processInfo.activeProcessorCount,
      identity: cores.identity)
  }

  /// The cores of the thread that asks.
  package static var present: CoreSet { CoreSet(firstBytes: 128) }
}
