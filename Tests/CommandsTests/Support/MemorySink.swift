import Synchronization

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// Keeps what is written; fails from the start where it is told to.
final class MemorySink: TextSink {
  private let written = Mutex<[String]>([])
  private let failure: TextSinkError?

  init(failure: TextSinkError? = nil) {
    self.failure = failure
  }

  func write(_ text: String) throws(TextSinkError) {
    if let failure { throw failure }
    written.withLock { $0.append(text) }
  }

  var text: String { written.withLock { $0.joined() } }
  var lines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
  /// How often something was written.
  var count: Int { written.withLock { $0.count } }
}

/// A terminal in memory.
struct TestTerminal {
  let output: MemorySink
  let diagnostics = MemorySink()
  let terminal: Terminal

  init(
    isTerminal: Bool = false, outputIsTerminal: Bool = false, columns: Int = 80, rows: Int = 24,
    environment: [String: String] = ["NO_COLOR": "1", "LANG": "C.UTF-8"],
    outputFailure: TextSinkError? = nil
  ) {
    output = MemorySink(failure: outputFailure)
    let size = TerminalSize(columns: columns, rows: rows)
    terminal = Terminal(
      output: TerminalStream(sink: output, isTerminal: outputIsTerminal) { size },
      diagnostics: TerminalStream(sink: diagnostics, isTerminal: isTerminal) { size },
      environment: environment)
  }
}

/// A clock that stands still until it is told to go on.
final class TestClock: Sendable {
  private let now = Mutex(0.0)

  func advance(by seconds: Double) { now.withLock { $0 += seconds } }

  var seconds: SecondsClock { { self.now.withLock { $0 } } }
}
