import Foundation
import Synchronization
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// `unroll clip` once more in the same folder.
struct ClipResumeTests {
  let folder: ClipFolder

  init() throws { folder = try ClipFolder() }

  @Test func longerListsRunOnlyWhatIsNew() throws {
    folder.clip("--cells", "lstm", "--thresholds", "1", "--seeds", "2")
    let first = try folder.lines()
    let more = folder.clip(
      "--cells", "rnn,lstm", "--thresholds", "none,1", "--seeds", "3", "--threads", "2")
    #expect(more.status == .done)
    #expect(more.err.hasPrefix("2 of 12 runs are in \(folder("run")) already\n"))
    let all = try folder.lines()
    #expect(all.count == 12)
    // The former rows stand in their places with the time they took then.
    #expect(Array(all[9...10]) == first)

    folder.clip("--cells", "rnn,lstm", "--thresholds", "none,1", "--seeds", "3", out: "whole")
    #expect(try folder.numbers() == folder.numbers("whole"))

    let again = folder.clip("--cells", "rnn,lstm", "--thresholds", "none,1", "--seeds", "3")
    #expect(again.err == "12 of 12 runs are in \(folder("run")) already\n")
    #expect(try folder.lines() == all)
  }

  @Test func shorterListsLoseNothing() throws {
    folder.clip("--thresholds", "none,1", "--seeds", "2")
    let all = try Set(folder.lines())
    #expect(folder.clip("--thresholds", "1", "--seeds", "1").status == .done)
    #expect(try Set(folder.lines()) == all)
  }

  @Test func windowsCanBeAddedAndStay() throws {
    folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "1")
    let first = try folder.numbers()
    let words = ["--cells", "rnn", "--thresholds", "1", "--seeds", "1"]
    let more = folder.run(ClipFolder.small("clip", words + ["--windows", "2,full"]), out: "run")
    #expect(more.err.hasPrefix("1 of 2 runs are in"))
    let rows = try folder.numbers()
    #expect(rows[1] == first[0] && rows[0] != first[0])

    folder.run(ClipFolder.small("clip", words), out: "run")
    #expect(try folder.numbers().sorted() == rows.sorted())
  }

  /// A file of version 0.1.0 ends with the seconds, or with the window behind them, and its
  /// config.json knows no --norm-steps.
  @Test(arguments: [10, 11]) func anEarlierVersionsFolderIsTakenUp(columns: Int) throws {
    folder.clip("--cells", "rnn", "--thresholds", "none,1", "--seeds", "1")
    let lines = try folder.text("run/clip.csv").split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).prefix(columns)
        .joined(separator: ",")
    }
    try (lines.joined(separator: "\n") + "\n")
      .write(toFile: folder("run/clip.csv"), atomically: true, encoding: .utf8)
    let config = try folder.text("run/config.json")
    #expect(config.contains("norm-steps"))
    try config.split(separator: "\n").filter { !$0.contains("norm-steps") }
      .joined(separator: "\n")
      .write(toFile: folder("run/config.json"), atomically: true, encoding: .utf8)
    let result = folder.clip("--cells", "rnn", "--thresholds", "none,1,2x", "--seeds", "1")
    #expect(result.status == .done, "\(result.err)")
    #expect(result.err.hasPrefix("2 of 3 runs are in"))
    let rows = try folder.lines()
    #expect(
      rows.count == 3 && rows[0].hasPrefix("rnn,none,1,") && rows[0].hasSuffix(",full,,,,,,,"))
    // Generated data have no hash, and the row says under what it was computed.
    #expect(rows[2].hasSuffix(",0.1.0,\(Machinery.present.kernels),"))
  }

  /// A threshold in units of the mean norm means the same once more, and another length of the pass
  /// would not.
  @Test func meanNormsAreTakenAgain() throws {
    folder.clip("--cells", "rnn", "--thresholds", "0.5x", "--seeds", "2", "--norm-steps", "5")
    let more = ["--cells", "rnn", "--thresholds", "0.5x,2x", "--seeds", "2"]
    let refused = folder.run(ClipFolder.small("clip", more), out: "run")
    #expect(refused.err.hasPrefix("unroll: --norm-steps 500: "))
    folder.run(ClipFolder.small("clip", more + ["--norm-steps", "5"]), out: "run")
    folder.run(ClipFolder.small("clip", more + ["--norm-steps", "5"]), out: "whole")
    #expect(try folder.numbers() == folder.numbers("whole"))
    #expect(
      folder.run(["clip", "--config", folder("run/config.json")], out: "again").status == .done)
    #expect(try folder.numbers() == folder.numbers("again"))
  }

  @Test func aConfigReplaysTheSameRuns() throws {
    folder.clip("--cells", "rnn", "--windows", "full,2", "--clip", "0.5", "--seeds", "2")
    #expect(
      folder.run(["clip", "--config", folder("run/config.json")], out: "again").status == .done)
    #expect(try folder.numbers() == folder.numbers("again"))
  }

  @Test(arguments: [
    (["--learning-rate", "0.1"], "--learning-rate 0.1", "has 0.001;"),
    (["--solve-at", "0.5"], "--solve-at 0.5", "has none;"),
    (["--layers", "2"], "--layers 2", "has 1;"),
    (["copy"], "TASK copy", "has adding;"),
  ])
  func otherSettingsAreRefused(words: [String], given: String, saved: String) throws {
    folder.clip("--thresholds", "1", "--seeds", "1")
    let before = try ["clip.csv", "config.json", "summary.json"].map {
      try folder.text("run/\($0)")
    }
    let result = folder.run(
      ClipFolder.small("clip", words + ["--thresholds", "1", "--seeds", "2"]), out: "run")
    #expect(result.status == .usage && result.out.isEmpty)
    #expect(result.err.hasPrefix("unroll: \(given): \(folder("run/config.json")) \(saved)"))
    #expect(result.err.count { $0 == "\n" } == 1)
    let after = try ["clip.csv", "config.json", "summary.json"].map { try folder.text("run/\($0)") }
    #expect(after == before)
    #expect(!folder.exists("run/clip.csv.partial"))
  }

  @Test func aSettingLeftOutIsAnotherSetting() throws {
    folder.clip("--thresholds", "1", "--seeds", "1", "--solve-at", "0.5")
    let result = folder.clip("--thresholds", "1", "--seeds", "1")
    #expect(result.status == .usage)
    #expect(result.err.hasPrefix("unroll: --solve-at left out: "))
  }

  @Test func anotherCommandsFolderIsRefused() throws {
    folder.run(ClipFolder.small("train", ["adding"]), out: "run")
    let result = folder.clip("--seeds", "1")
    #expect(result.status == .usage)
    #expect(
      result.err.hasPrefix("unroll: --out: \(folder("run/config.json")) is of unroll 'train'"))
    #expect(!folder.exists("run/clip.csv"))
  }

  @Test func aRowCutOffOrUnreadableIsRunAgain() throws {
    folder.clip("--thresholds", "none,1", "--seeds", "2")
    let whole = try folder.numbers()
    var lines = try folder.text("run/clip.csv").split(separator: "\n").map(String.init)
    lines.removeLast(2)
    lines[2] = lines[2].replacing("solved", with: "so so")
    let text = lines.joined(separator: "\n") + "\nlstm,no"
    try FileManager.default.removeItem(atPath: folder("run/clip.csv"))
    try text.write(toFile: folder("run/clip.csv.partial"), atomically: true, encoding: .utf8)
    let result = folder.clip("--thresholds", "none,1", "--seeds", "2")
    #expect(result.err.contains("1 row has a value that cannot be read; the runs are made again"))
    #expect(result.err.contains("\n5 of 8 runs"))
    #expect(try folder.numbers() == whole)
    #expect(!folder.exists("run/clip.csv.partial"))
  }

  /// A number of updates that no run has neither traps nor counts.
  @Test(arguments: ["9223372036854775807", "-1"])
  func aRowWithImpossibleStepsIsRunAgain(steps: String) throws {
    folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "1", "--solve-at", "100")
    let whole = try folder.numbers()
    let text = try folder.text("run/clip.csv")
    #expect(text.contains(",solved,20,"))
    try text.replacing(",solved,20,", with: ",solved,\(steps),")
      .write(toFile: folder("run/clip.csv"), atomically: true, encoding: .utf8)
    folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "1", "--solve-at", "100")
    #expect(try folder.numbers() == whole)
  }

  /// 96 runs, the signal after the third of them at the earliest.
  private static func runUntilSignal(_ signal: Int32, out: String) -> Never {
    Thread.detachNewThread {
      let path = out + "/clip.csv.partial"
      while true {
        let rows = (try? String(contentsOfFile: path, encoding: .utf8))?.count { $0 == "\n" } ?? 0
        if rows > 3 { break }
        usleep(200)
      }
      kill(getpid(), signal)
    }
    let words = ClipFolder.small("clip", ["--seeds", "12", "--threads", "2", "--out", out])
    exit(Program.unroll.run(words, on: TestTerminal().terminal).rawValue)
  }

  /// Goes on in the folder `out` and compares it with one run without a break.
  private func expectTheRestToBeDone(after rows: [String]) throws {
    let words = ClipFolder.small("clip", ["--seeds", "12"])
    #expect(rows.count >= 3 && rows.count < 96, "\(rows.count) rows before the signal")
    let result = folder.run(words, out: "run")
    #expect(result.status == .done)
    #expect(result.err.hasPrefix("\(rows.count) of 96 runs are in"))
    #expect(try Set(folder.lines()).isSuperset(of: rows), "rows were made anew")
    folder.run(words, out: "whole")
    #expect(try folder.numbers() == folder.numbers("whole"))
  }

  @Test func anInterruptionIsGoneOnFrom() async throws {
    let out = folder("run")
    await #expect(processExitsWith: .exitCode(130)) { [out = out as String] in
      Self.runUntilSignal(SIGINT, out: out)
    }
    #expect(!folder.exists("run/clip.csv.partial"))
    try expectTheRestToBeDone(after: folder.lines())
  }

  @Test func aKillIsGoneOnFrom() async throws {
    let out = folder("run")
    await #expect(processExitsWith: .signal(SIGKILL)) { [out = out as String] in
      Self.runUntilSignal(SIGKILL, out: out)
    }
    #expect(!folder.exists("run/clip.csv"))
    let rows = try folder.lines(file: "clip.csv.partial")
    try expectTheRestToBeDone(after: rows)
  }
}

extension ClipResumeTests {
  /// A threshold that is new stands before the first larger one, and the rows are in order.
  @Test func newThresholdsStandAmongTheOthers() throws {
    folder.clip("--cells", "rnn", "--thresholds", "none,0.1,1", "--seeds", "2")
    let more = folder.clip(
      "--cells", "rnn,gru", "--thresholds", "0.5,2x", "--seed", "3", "--seeds", "2", "--norm-steps",
      "500")
    #expect(more.status == .done, "\(more.err)")
    let rows = try folder.lines().map { $0.split(separator: ",").prefix(3).joined(separator: " ") }
    let own = ["norm:0.5", "norm:2x"].flatMap { rule in [3, 4].map { "gru \(rule) \($0)" } }
    #expect(
      rows == [
        "rnn none 1", "rnn none 2", "rnn norm:0.1 1", "rnn norm:0.1 2", "rnn norm:0.5 3",
        "rnn norm:0.5 4", "rnn norm:1 1", "rnn norm:1 2", "rnn norm:2x 3", "rnn norm:2x 4",
      ] + own)
    let options = try JSONValue(contentsOf: folder("run/config.json"))["options"]
    #expect(options?["thresholds"] == "none,norm:0.1,norm:0.5,norm:1,norm:2x")
    #expect(options?["cells"] == "rnn,gru" && options?["seeds"] == 4)
    // Every setting has two of the four seeds.
    #expect(more.out.contains("2 runs a setting, 4 seeds"), "\(more.out)")
    #expect(try folder.text("run/clip.gp").contains("2 runs a setting, 4 seeds"))
  }

  /// Seeds that do not follow on are recorded as they are.
  @Test func seedsOfALaterCallAreRecorded() throws {
    folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "1")
    let more = folder.clip("--cells", "rnn", "--thresholds", "1", "--seed", "5", "--seeds", "2")
    #expect(more.out.contains(", 3 seeds: 1, 5-6\n"), "\(more.out)")
    let options = try JSONValue(contentsOf: folder("run/config.json"))["options"]
    #expect(options?["seeds"] == "1,5-6")
    let replay = folder.run(["clip", "--config", folder("run/config.json")], out: "again")
    #expect(replay.status == .done, "\(replay.err)")
    #expect(try folder.numbers("again") == folder.numbers())
  }
}
