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

  /// A run that is started again in its folder moves the files of the earlier one away first. The page stays
  /// as it was for as long, and goes on with the new run.
  @Test func aRunThatStartsAgainStaysOnThePage() async {
    await #expect(processExitsWith: .success) {
      let runs = try TemporaryRuns()
      let (thread, end) = try Self.start(runs)
      var lock: FolderLock? = try FolderLock(runs.path("run"))
      thread.start()
      #expect(Self.wait { Self.page(runs).contains("<span class=\"state running\">") })
      let config = try runs.text("run/config.json")
      let modified = try Self.modified(runs)
      try runs.remove("run/config.json")
      #expect(Self.wait { (try? Self.modified(runs)) != modified })
      #expect(Self.page(runs).contains("<span class=\"state running\">"))
      #expect(Self.page(runs).contains("data-reload") && Self.page(runs).contains("Loss"))
      _ = try runs.file("run/config.json", config.replacing("adding", with: "copy"))
      #expect(Self.wait { Self.page(runs).contains("<h1>copy, lstm") })
      withExtendedLifetime(lock) {}
      lock = nil
      end.wait()
      #expect(try runs.text("status") == "0" && !Self.page(runs).contains("data-reload"))
    }
  }

  /// A run that is gone ends the watch, and the page says so.
  @Test func aRunThatIsGoneEndsTheWatch() async {
    await #expect(processExitsWith: .success) {
      let runs = try TemporaryRuns()
      let (thread, end) = try Self.start(runs)
      var lock: FolderLock? = try FolderLock(runs.path("run"))
      thread.start()
      #expect(Self.wait { Self.page(runs).contains("<span class=\"state running\">") })
      try runs.remove("run/config.json")
      withExtendedLifetime(lock) {}
      lock = nil
      end.wait()
      let page = Self.page(runs)
      #expect(!page.contains("data-reload") && page.contains("state unfinished"))
      #expect(page.contains("This could not be read: ") && page.contains("Loss"))
      #expect(try runs.text("status") == "0")
    }
  }

  private static func modified(_ runs: TemporaryRuns) throws -> Date? {
    let attributes = try FileManager.default.attributesOfItem(atPath: runs.path("page.html"))
    return attributes[.modificationDate] as? Date
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
