import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// `unroll report` as a command: what it refuses, replaces and prints.
struct ReportCommandTests {
  @Test func foldersOfNoRunAreRefused() throws {
    let workspace = try Workspace()
    let folder = workspace("notes")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try workspace.file("notes/text.txt", "mine")
    let out = ["--out", workspace("page.html")]
    workspace.expectRefusal(
      ["report", folder] + out, .failed, saying: ["notes is no run's folder", "accepted"])
    workspace.expectRefusal(
      ["report", workspace("no")] + out, .failed, saying: ["no is not there", "accepted"])
    _ = try workspace.file("notes/config.json", "{\"command\": 3}")
    workspace.expectRefusal(
      ["report", folder] + out, .failed, saying: ["config.json names no command"])
    _ = try workspace.file("notes/config.json", "{")
    workspace.expectRefusal(["report", folder] + out, .failed, saying: ["config.json", "line 1"])
  }

  @Test func aFileOfAnotherKindIsNotReplaced() throws {
    let workspace = try Workspace()
    #expect(
      workspace.run([
        "check", "--length", "2", "--hidden", "2", "--layers", "1", "--out", workspace("run"),
      ])
      .status == .done)
    let page = try workspace.file("page.html", "<html>mine</html>")
    workspace.expectRefusal(
      ["report", workspace("run"), "--out", page], .usage,
      saying: ["--out", "page.html", "has not written", "accepted"])
    #expect(try String(contentsOfFile: page, encoding: .utf8) == "<html>mine</html>")
    workspace.expectRefusal(
      ["report", workspace("run"), "--out", workspace("run")], .failed, saying: ["is a folder"])
    workspace.expectRefusal(
      ["report", workspace("run"), "--out", workspace("no/page.html")], .failed,
      saying: ["no/page.html"])
    // Its own pages are.
    for _ in 0..<2 {
      #expect(
        workspace.run(["report", workspace("run"), "--out", workspace("own.html")]).status == .done)
    }
    #expect(workspace.names.filter { $0.hasPrefix(".") }.isEmpty)
  }

  /// The page, the line on it and the object count figures alike, those among them that the run has drawn.
  @Test func everyFigureIsCounted() throws {
    let runs = try TemporaryRuns()
    runs.make("runs/surface", "clip", "--surface", "--steps", "5")
    for name in ["a", "b"] {
      runs.make(
        "runs/\(name)", "decay", "--cells", "rnn", "--length", "5", "--hidden", "2", "--batch", "2")
    }
    let json = runs.run(
      ["report", runs.path("runs"), "--out", runs.path("page.html"), "--json"]
    ).json
    let (outcome, page) = try runs.report("runs")
    let count = page.html.components(separatedBy: "<figure ").count - 1
    #expect(json["figures"]?.int == count && outcome.out.contains("3 runs, \(count) figures"))
    let own = (json["runs"]?.array ?? []).compactMap { $0["figures"]?.int }
    // One compares the decay.
    #expect(own.count == 3 && own.last == 3 && own.reduce(0, +) + 1 == count)
  }

  @Test func jsonSaysWhatWasWritten() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn", "--length", "6")
    let outcome = runs.run(["report", runs.path("run"), "--out", runs.path("p.html"), "--json"])
    let run = try #require(outcome.json["runs"]?.array?.first)
    #expect(outcome.json["file"]?.string == runs.path("p.html"))
    #expect(run["state"] == "finished" && run["command"] == "decay" && run["problems"] == [])
    #expect(
      run["command_line"] == "unroll decay --length 6 --cells rnn --hidden 3 --batch 3")
  }
}
