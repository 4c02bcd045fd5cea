import Foundation

/// Asks the system for memory before what a file holds is read into it: an array that cannot be allocated would end
/// the process.
enum FreeMemory {
  /// - Parameter name: the array or member that takes the memory.
  /// - Throws: `FileProblem.noMemory`.
  static func require(_ bytes: Int, for name: String) throws(FileProblem) {
    // A small one is not worth the question.
    guard bytes > 1 << 20 else { return }
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { throw .noMemory(name: name, bytes: bytes) }
    munmap(memory, bytes)
  }

  /// The same for `count` numbers of eight bytes, with room for the copy that is made of them.
  ///
  /// - Throws: `FileProblem.noMemory`.
  static func require(numbers count: Int, for name: String) throws(FileProblem) {
    try require(count.multipliedReportingOverflow(by: 16).partialValue, for: name)
  }
}
