import Foundation
import Testing
import UnrollText

struct EndProcessTests {
  /// Threads that are refused memory at the same time say it once.
  @Test func itIsSaidOnceHoweverManyThreadsEnd() async throws {
    let result = try await #require(
      processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
    ) {
      for number in 0..<8 {
        Thread.detachNewThread { endProcess("refused \(number)") }
      }
      sleep(60)
    }
    let printed = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(printed.split(separator: "\n").count == 1 && printed.contains(": refused "))
  }
}
