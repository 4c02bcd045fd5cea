import Dispatch
import Testing
import UnrollTestSupport

@testable import UnrollCommandLine

struct LiveTableTests {
  private func table(
    _ test: TestTerminal, runs: Int, clock: TestClock
  ) -> LiveTable {
    LiveTable(
      header: ["cell", "seed"], labels: (1...runs).map { ["rnn", "\($0)"] }, on: test.terminal,
      clock: clock.seconds)
  }

  @Test func aTerminalSeesEveryRun() {
    let test = TestTerminal(isTerminal: true)
    let clock = TestClock()
    let table = table(test, runs: 3, clock: clock)
    table.update(0, step: 2_000, of: 8_000, loss: 0.5)
    table.end(1, outcome: "solved", .good, detail: "after 5,250 steps")
    let screen = Screen(test.diagnostics.text)
    #expect(
      screen.text == """
        cell  seed  progress
        rnn      1  ━━━─────────  2,000/8,000  loss 0.5000
        rnn      2  solved                     after 5,250 steps
        rnn      3  waiting
        1 of 3 runs done, 1 running, 1 waiting: 1 solved
        """)
    #expect(screen.unknownSequences.isEmpty)
    table.finish()
    #expect(Screen(test.diagnostics.text).text.isEmpty)
  }

  /// What does not fit on a line of the terminal takes two. None is so wide that a ^C behind it would begin
  /// another line.
  @Test func countsThatDoNotFitTakeTwoLines() {
    let test = TestTerminal(isTerminal: true)
    let table = LiveTable(
      header: ["seed"], labels: (1...6).map { ["\($0)"] }, of: .passes, on: test.terminal,
      remaining: { "1h 03m to 2h 45m left" })
    for (run, outcome) in ["solved", "unsolved", "diverged", "finished"].enumerated() {
      table.end(run, outcome: outcome, .good)
    }
    let lines = Screen(test.diagnostics.text).text.split(separator: "\n")
    #expect(
      lines.suffix(2) == [
        "4 of 6 passes done, 0 running, 2 waiting, 1h 03m to 2h 45m left",
        "1 diverged, 1 finished, 1 solved, 1 unsolved",
      ])
    #expect(lines.allSatisfy { $0.count <= 80 - 3 })
  }

  @Test func drawingIsRare() {
    let test = TestTerminal(isTerminal: true)
    let clock = TestClock()
    let table = table(test, runs: 2, clock: clock)
    for step in 1...1_000 {
      clock.advance(by: 0.0078125)
      table.update(step % 2, step: step, of: 1_000, loss: 1)
    }
    #expect((70...80).contains(test.diagnostics.count))
  }

  @Test(arguments: [1, 3, 5, 10, 24])
  func aTallTableBecomesCounts(rows: Int) {
    let test = TestTerminal(isTerminal: true, rows: rows)
    let clock = TestClock()
    let table = table(test, runs: 40, clock: clock)
    for run in 0..<20 { table.end(run, outcome: run < 15 ? "solved" : "diverged", .good) }
    for run in 20..<24 {
      clock.advance(by: 1)
      table.update(run, step: 1, of: 2, loss: 1)
    }
    let lines = Screen(test.diagnostics.text).text.split(separator: "\n")
    #expect(lines.count <= max(1, rows - 1))
    #expect(lines.last == "20 of 40 runs done, 4 running, 16 waiting: 5 diverged, 15 solved")
  }

  @Test func plainLinesComeWithEachEnd() {
    let test = TestTerminal()
    let clock = TestClock()
    let table = table(test, runs: 2, clock: clock)
    table.update(0, step: 1, of: 10, loss: 1)
    clock.advance(by: 11)
    table.update(0, step: 2, of: 10, loss: 1)
    table.end(0, outcome: "diverged", .bad, detail: "at step 3")
    table.end(1, outcome: "unsolved", .fair)
    #expect(
      test.diagnostics.lines == [
        "0 of 2 runs done, 1 running, 1 waiting",
        "cell rnn  seed 1  diverged, at step 3  (1 of 2)",
        "cell rnn  seed 2  unsolved  (2 of 2)",
      ])
  }

  @Test func runsReportFromManyThreads() {
    let test = TestTerminal()
    let table = LiveTable(
      header: ["run"], labels: (0..<64).map { ["\($0)"] }, on: test.terminal)
    DispatchQueue.concurrentPerform(iterations: 64) { run in
      for step in 1...50 { table.update(run, step: step, of: 50, loss: 1) }
      table.end(run, outcome: "solved", .good)
    }
    #expect(test.diagnostics.lines.count { $0.contains("solved") } == 64)
    #expect(test.diagnostics.lines.last?.hasSuffix("(64 of 64)") == true)
  }
}
