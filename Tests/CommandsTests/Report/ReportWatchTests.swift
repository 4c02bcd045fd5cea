import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// `unroll report --watch`: the page follows a run for as long as a program has its folder.
struct ReportWatchTests {
  @Test func thePageFollowsARun() async {
    await #expect(processExitsWith: .success) {
      let watch = try Watch()
      #expect(watch.waits { $0.contains("data-reload=\"5\"") })
      #expect(watch.page.contains("<span class=\"state running\">"))
      #expect(watch.page.contains("<noscript><meta http-equiv=\"refresh\" content=\"5\">"))
      let before = watch.page
      try watch.runs.change("run/metrics.csv") { $0 + "10,0.125,1.0,0,0.001,1.0,,\n" }
      #expect(watch.waits { $0 != before && $0.contains("0.125") })
      watch.release()
      #expect(try watch.ends() == .done)
      #expect(watch.page.contains("<span class=\"state finished\">"))
      #expect(!watch.page.contains("data-reload") && !watch.page.contains("noscript"))
    }
  }

  /// A file that somebody else has put in the page's place stays.
  @Test func anotherFileInItsPlaceStays() async {
    await #expect(processExitsWith: .success) {
      let watch = try Watch()
      #expect(watch.waits { $0.contains("data-reload") })
      _ = try watch.runs.file("page.html", "my thesis")
      watch.release()
      #expect(try watch.ends() == .usage && watch.page == "my thesis")
    }
  }

  /// A run that is started again in its folder moves the files of the earlier one away first. The page stays
  /// as it was for as long, and goes on with the new run.
  @Test func aRunThatStartsAgainStaysOnThePage() async {
    await #expect(processExitsWith: .success) {
      let watch = try Watch()
      #expect(watch.waits { $0.contains("<span class=\"state running\">") })
      let config = try watch.runs.text("run/config.json")
      try watch.remove("run/config.json")
      #expect(watch.page.contains("<span class=\"state running\">"))
      #expect(watch.page.contains("data-reload") && watch.page.contains("Loss"))
      _ = try watch.runs.file("run/config.json", config.replacing("adding", with: "copy"))
      #expect(watch.waits { $0.contains("<h1>copy, lstm") })
      watch.release()
      #expect(try watch.ends() == .done && !watch.page.contains("data-reload"))
    }
  }

  /// A run that had ended and is started again goes on as well, before it has files of its own.
  @Test func everyRunThatGoesOnIsCounted() async {
    await #expect(processExitsWith: .success) {
      let watch = try Watch(beside: "ended")
      #expect(watch.waits { $0.contains("<span class=\"state finished\">") })
      #expect(watch.says("1 run goes on"))
      var lock: FolderLock? = try FolderLock(watch.runs.path("ended"))
      try watch.remove("ended/config.json")
      #expect(watch.says("2 runs go on"))
      withExtendedLifetime(lock) {}
      lock = nil
      watch.release()
      #expect(try watch.ends() == .done)
    }
  }

  /// A run that is gone ends the watch, and the page says so.
  @Test func aRunThatIsGoneEndsTheWatch() async {
    await #expect(processExitsWith: .success) {
      let watch = try Watch()
      #expect(watch.waits { $0.contains("<span class=\"state running\">") })
      try watch.runs.remove("run/config.json")
      watch.release()
      #expect(try watch.ends() == .done)
      let page = watch.page
      #expect(!page.contains("data-reload") && page.contains("state unfinished"))
      #expect(page.contains("This could not be read: ") && page.contains("Loss"))
    }
  }

  @Test func anInterruptEndsTheWatch() async {
    await #expect(processExitsWith: .success) {
      let watch = try Watch()
      #expect(watch.waits { $0.contains("data-reload") })
      kill(getpid(), SIGINT)
      #expect(try watch.ends() == .interrupted)
      #expect(!watch.page.contains("data-reload"))
    }
  }

  /// Runs that have all ended are written once.
  @Test func nothingIsWatchedWhereNothingGoesOn() async {
    await #expect(processExitsWith: .success) {
      let watch = try Watch(isHeld: false)
      #expect(try watch.ends() == .done && !watch.page.contains("data-reload"))
    }
  }
}

/// `unroll report --watch` in a thread of its own, over the folder `run` of a training that is held as if it
/// went on.
private final class Watch {
  let runs: TemporaryRuns
  private let end = DispatchSemaphore(value: 0)
  private let test = TestTerminal(isTerminal: true)
  private var lock: FolderLock?

  /// - Parameters:
  ///   - other: the folder of one more run, which has ended.
  ///   - isHeld: whether the run goes on.
  init(beside other: String? = nil, isHeld: Bool = true) throws {
    runs = try TemporaryRuns()
    let folders = ["run"] + [other].compactMap(\.self)
    for name in folders { runs.makeSmall(name, "train", "adding", "--steps", "9") }
    if isHeld { lock = try FolderLock(runs.path("run")) }
    let line = ["report"] + folders.map(runs.path) + ["--watch", "--out", runs.path("page.html")]
    let (folder, terminal, end) = (runs.folder, test.terminal, end)
    let thread = Thread {
      let status = Program.unroll.run(line, on: terminal)
      try? "\(status.rawValue)".write(toFile: "\(folder)/status", atomically: true, encoding: .utf8)
      end.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// The page as it is now; empty before there is one.
  var page: String { (try? runs.text("page.html")) ?? "" }

  /// Whether the page comes to be so.
  func waits(_ condition: (String) -> Bool) -> Bool { Self.wait { condition(page) } }

  /// Whether the terminal comes to say this.
  func says(_ text: String) -> Bool { Self.wait { test.diagnostics.text.contains(text) } }

  /// Takes a run's file away, and waits until the page is written without it.
  func remove(_ name: String) throws {
    let modified = try modified()
    try runs.remove(name)
    #expect(Self.wait { (try? self.modified()) != modified })
  }

  /// Lets the run end.
  func release() { lock = nil }

  /// Waits for the end of the watch.
  func ends() throws -> UnrollCommandLine.ExitStatus? {
    end.wait()
    return UnrollCommandLine.ExitStatus(rawValue: try #require(Int32(runs.text("status"))))
  }

  private func modified() throws -> Date? {
    let attributes = try FileManager.default.attributesOfItem(atPath: runs.path("page.html"))
    return attributes[.modificationDate] as? Date
  }

  /// Waits up to half a minute, which no machine needs.
  private static func wait(_ condition: () -> Bool) -> Bool {
    for _ in 0..<3_000 {
      if condition() { return true }
      usleep(10_000)
    }
    return false
  }
}
