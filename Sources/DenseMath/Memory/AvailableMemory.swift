import CUnrollVectorKernels
import Foundation
import UnrollText

/// How much memory this process may take: the machine's, or less where a limit says so.
package struct AvailableMemory: Sendable, Equatable, CustomStringConvertible {
  /// What sets the smallest limit.
  package enum Limit: Sendable, Equatable {
    /// The memory that is built in.
    case machine
    /// A control group, by its file.
    case controlGroup(file: String)
    /// `ulimit -v`: what is left of the address space.
    case addressSpace
    /// `ulimit -d`: what is left for data.
    case data
  }

  package let bytes: UInt64
  package let limit: Limit

  /// That of this process now.
  package static var present: AvailableMemory {
    let left = unroll_memory_left()
    return AvailableMemory(
      machine: ProcessInfo.processInfo.physicalMemory, group: ControlGroups.present.memoryLimit,
      addressSpace: left.address_space, data: left.data)
  }

  /// The smallest of what there is and what limits leave; `UInt64.max` for no limit.
  init(
    machine: UInt64, group: (bytes: UInt64, file: String)? = nil, addressSpace: UInt64 = .max,
    data: UInt64 = .max
  ) {
    var (bytes, limit) = (machine, Limit.machine)
    func take(_ other: UInt64, _ reason: Limit) {
      if other < bytes { (bytes, limit) = (other, reason) }
    }
    if let group { take(group.bytes, .controlGroup(file: group.file)) }
    take(addressSpace, .addressSpace)
    take(data, .data)
    (self.bytes, self.limit) = (bytes, limit)
  }

  private var size: String { "\(NumberText.significant(Double(bytes) / 1e9)) GB" }

  /// Who has it, for a sentence that a size follows: `the machine has`, `ulimit -v leaves`.
  package var holder: String {
    switch limit {
    case .machine: "the machine has"
    case .controlGroup(let file): "\(file.escaped) allows"
    case .addressSpace: "ulimit -v leaves"
    case .data: "ulimit -d leaves"
    }
  }

  /// `the machine has 8.000 GB`.
  package var sentence: String { "\(holder) \(size)" }

  /// `8.000 GB`, or `0.4000 GB, which is what ulimit -v leaves`.
  package var description: String {
    limit == .machine ? size : "\(size), which is what \(holder)"
  }
}
