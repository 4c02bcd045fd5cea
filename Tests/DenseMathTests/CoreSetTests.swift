import Foundation
import Testing

@testable import UnrollDenseMath

@Suite struct CoreSetTests {
  /// The system refuses a set without room for its CPUs; a larger one is tried.
  @Test(arguments: [0, 1, 8, 1_000]) func theSetGrowsUntilTheSystemTakesIt(firstBytes: Int) {
    #expect(CoreSet(firstBytes: firstBytes) == .present)
  }

  @Test func thereIsAtLeastOneCoreAndNoMoreThanTheMachineHas() {
    let cores = Workers.availableCores
    #expect(cores >= 1 && cores <= ProcessInfo.processInfo.processorCount)
  }

  #if os(Linux)
    /// The kernel says the same in words: "Cpus_allowed_list: 0-3,8".
    @Test func theCoresAreThoseThatTheSystemLists() throws {
      let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
      let key = "Cpus_allowed_list:"
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(key) })
      let ranges = line.dropFirst(key.count).filter { !$0.isWhitespace }.split(separator: ",")
      let counts = try ranges.map { range in
        let ends = range.split(separator: "-").compactMap { Int($0) }
        return try #require(ends.last) - #require(ends.first) + 1
      }
      #expect(CoreSet.present.count == counts.reduce(0, +))
    }
  #endif
}
