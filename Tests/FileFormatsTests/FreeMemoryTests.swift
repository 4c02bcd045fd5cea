import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// What a file claims is asked for before it is read into memory.
struct FreeMemoryTests {
  @Test func whatTheSystemRefusesIsAnError() throws {
    try FreeMemory.require(100, for: "x")
    try FreeMemory.require(10_000_000, for: "x")
    // More than any machine has, or can address.
    for bytes in [1 << 50, Int.max] {
      let problem = #expect(throws: FileProblem.self) { try FreeMemory.require(bytes, for: "x") }
      #expect(problem == .noMemory(name: "x", bytes: bytes))
      #expect(problem?.description.contains("'x' takes") == true)
    }
    #expect(throws: FileProblem.self) { try FreeMemory.require(numbers: 1 << 45, for: "x") }
  }
}
