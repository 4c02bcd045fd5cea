import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// `unroll report --watch`: the page follows a run for as long as a program has its folder.
struct ReportWatchTests {
  private static func page(_ runs: TemporaryRuns) -> String {
    (try? runs.text("page.html")) ?? ""
  }

  /// Waits up to half a minute, which no machine needs.
  private static func wait(_ condition: () -> Bool) -> Bool {
    for _ in 0..<3_000 {
      if condition() { return true }
      usleep(10_000)
    }
    return false
  }

  private static func start(_ runs: TemporaryRuns) throws -> (
    thread: Thread, end: DispatchSemaphore
  ) {
    runs.make(
      "run", "train", "adding", "--length", "6", "--hidden", "4", "--batch", "2", "--steps", "9")
    let end = DispatchSemaphore(value: 0)
    let line = ["report", runs.path("run"), "--watch", "--out", runs.path("page.html")]
    let folder = runs.folder
    let thread = Thread {
      let test = TestTerminal()
      let status = Program.unroll.run(line, on: test.terminal)
      try? "\(status.rawValue)".write(toFile: "\(folder)/status", atomically: true, encoding: .utf8)
      end.signal()
    }
    thread.stackSize = 8 << 20
    return (thread, end)
  }

  @Test func thePageFollowsARun() async {
    await #expect(processExitsWith: .success) {
      let runs = try TemporaryRuns()
      let (thread, end) = try Self.start(runs)
      var lock: FolderLock? = try FolderLock(runs.path("run"))
      thread.start()
      #expect(Self.wait { Self.page(runs).contains("data-reload=\"5\"") })
      #expect(Self.page(runs).contains("<span class=\"state running\">"))
      #expect(Self.page(runs).contains("<noscript><meta http-equiv=\"refresh\" content=\"5\">"))
      let before = Self.page(runs)
      try runs.change("run/metrics.csv") { $0 + "10,0.125,1.0,0,0.001,1.0,,\n" }
      #expect(Self.wait { Self.page(runs) != before && Self.page(runs).contains("0.125") })
      withExtendedLifetime(lock) {}
      lock = nil
      end.wait()
      #expect(Self.page(runs).contains("<span class=\"state finished\">"))
      #expect(!Self.page(runs).contains("data-reload") && !Self.page(runs).contains("noscript"))
      #expect(try runs.text("status") == "0")
    }
  }

  @Test func anInterruptEndsTheWatch() async {
    await #expect(processExitsWith: .success) {
      let runs = try TemporaryRuns()
      let (thread, end) = try Self.start(runs)
      let lock = try FolderLock(runs.path("run"))
      thread.start()
      #expect(Self.wait { Self.page(runs).contains("data-reload") })
      kill(getpid(), SIGINT)
      end.wait()
      withExtendedLifetime(lock) {}
      #expect(!Self.page(runs).contains("data-reload"))
      #expect(try runs.text("status") == "130")
    }
  }

  /// Runs that have all ended are written once.
  @Test func nothingIsWatchedWhereNothingGoesOn() async {
    await #expect(processExitsWith: .success) {
      let runs = try TemporaryRuns()
      let (thread, end) = try Self.start(runs)
      thread.start()
      end.wait()
      #expect(try runs.text("status") == "0" && !Self.page(runs).contains("data-reload"))
    }
  }
}
