import Synchronization
import UnrollCommandLine

/// Keeps what is written; fails from the start where it is told to.
package final class MemorySink: TextSink {
  private let written = Mutex<[String]>([])
  private let failure: TextSinkError?

  package init(failure: TextSinkError? = nil) {
    self.failure = failure
  }

  package func write(_ text: String) throws(TextSinkError) {
    if let failure { throw failure }
    written.withLock { $0.append(text) }
  }

  package var text: String { written.withLock { $0.joined() } }
  package var lines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
  /// How often something was written.
  package var count: Int { written.withLock { $0.count } }
}

/// A terminal in memory.
package struct TestTerminal {
  package let output: MemorySink
  package let diagnostics = MemorySink()
  package let terminal: Terminal

  package init(
    isTerminal: Bool = false, outputIsTerminal: Bool = false, columns: Int = 80, rows: Int = 24,
    environment: [String: String] = ["NO_COLOR": "1", "LANG": "C.UTF-8"],
    isLaunched: Bool = false, outputFailure: TextSinkError? = nil
  ) {
    output = MemorySink(failure: outputFailure)
    let size = TerminalSize(columns: columns, rows: rows)
    terminal = Terminal(
      output: TerminalStream(sink: output, isTerminal: outputIsTerminal) { size },
      diagnostics: TerminalStream(sink: diagnostics, isTerminal: isTerminal) { size },
      environment: environment, isLaunched: isLaunched)
  }
}

/// A clock that stands still until it is told to go on.
package final class TestClock: Sendable {
  private let now = Mutex(0.0)

  package init() {}

  package func advance(by seconds: Double) { now.withLock { $0 += seconds } }

  package var seconds: SecondsClock { { self.now.withLock { $0 } } }
}
