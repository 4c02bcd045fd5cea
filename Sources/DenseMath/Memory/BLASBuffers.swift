import CUnrollVectorKernels
import Synchronization
import UnrollText

/// The system does not give OpenBLAS the address space that its calls work in.
package struct BLASMemoryError: Error, Equatable, CustomStringConvertible {
  let threads: Int
  let bytes: Int
  let left: AvailableMemory

  package var description: String {
    let needed = "\(NumberText.significant(Double(bytes) / 1e9)) GB of address space"
    let each = threads == 1 ? "" : ", a part for each of \(threads) threads"
    return "BLAS needs \(needed)\(each), which the system does not give (\(left.sentence)); "
      + (threads == 1
        ? "accepted is a higher limit" : "accepted are fewer threads or a higher limit")
  }
}

extension BLASLibrary {
  /// What OpenBLAS maps for each call that is under way: 32 MiB · 4, and some pages.
  private static var bufferBytes: Int { 129 << 20 }

  /// Makes OpenBLAS map the buffers that calls on `threads` threads at once need, which it keeps: where it
  /// gets none, it would try for ever.
  ///
  /// - Throws: ``BLASMemoryError`` where the system refuses them.
  package static func reserveBuffers(threads: Int) throws(BLASMemoryError) {
    if threads <= reserved.load(ordering: .relaxed) { return }
    let left = unroll_memory_left()
    let isLimited = min(left.address_space, left.data) != .max
    guard unroll_can_map(bufferBytes, threads) else {
      throw BLASMemoryError(threads: threads, bytes: threads * bufferBytes, left: .present)
    }
    // What is mapped now cannot be taken by other memory later. Without a limit nothing takes it.
    guard isLimited,
      let allocate = function(
        "blas_memory_alloc", as: (@convention(c) (Int32) -> UnsafeMutableRawPointer?).self),
      let free = function(
        "blas_memory_free", as: (@convention(c) (UnsafeMutableRawPointer?) -> Void).self)
    else { return }
    let buffers = (0..<threads).map { _ in allocate(0) }
    for buffer in buffers { free(buffer) }
    reserved.store(threads, ordering: .relaxed)
  }

  private static let reserved = Atomic(0)
}
