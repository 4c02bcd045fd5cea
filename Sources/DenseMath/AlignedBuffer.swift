import Foundation
import UnrollText

/// Zeroed memory for `count` elements on a cache-line boundary, released with its last owner.
///
/// Sendable because neither property changes: threads that share it see one address. The compiler
/// cannot check who uses the elements; as ``Matrix`` says, threads that write own disjoint parts.
final class AlignedBuffer<Element: Scalar>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  /// A cache line, and the width of an AVX-512 register.
  static var alignment: Int { 64 }

  init(count: Int) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    require(count >= 0 && !overflow, "expected a buffer size that fits memory, got \(count)")
    var address: UnsafeMutableRawPointer?
    let size = max(bytes, Self.alignment)
    guard posix_memalign(&address, Self.alignment, size) == 0, let raw = address else {
      endProcess(
        "the system does not give \(NumberText.count(bytes, "byte")) of memory "
          + "(\(AvailableMemory.present.sentence)); accepted are smaller sizes, or a higher limit")
    }
    memset(raw, 0, size)
    self.base = raw.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  deinit { free(base) }
}
