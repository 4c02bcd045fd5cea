import FileFormats
import Foundation
import Testing

@testable import UnrollCommands

/// `unroll clip --surface`.
@Suite struct ClipSurfaceTests {
  @Test func showsThePathsWithAndWithoutClipping() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.run(["clip", "--surface", "--out", runs.path("a")])
    #expect(outcome.status == .done)
    #expect(outcome.out.contains("No clipping: after 25 updates a gradient of norm 121"))
    #expect(outcome.out.split(separator: "\n").allSatisfy { $0.count <= 90 })
    let files = try #require(runs.files(in: "a"))
    #expect(
      Set(files).isSuperset(of: [
        "config.json", "path.csv", "summary.json", "surface.csv", "clip-surface.gp",
      ]))
    // A header, and the start and 100 updates under either rule; 121 by 121 places.
    #expect(try runs.text("a/path.csv").split(separator: "\n").count == 1 + 2 * 101)
    let surface = try runs.text("a/surface.csv").split(separator: "\n")
    #expect(surface.count == 1 + 121 * 121)
    #expect(surface[1].hasPrefix("4.2,-3.0,") && surface.last?.hasPrefix("5.4,-2.0,") == true)

    let summary = try JSONValue(contentsOf: runs.path("a/summary.json"))
    let paths = try #require(summary["paths"]?.array)
    #expect(paths.map { $0["threshold"]?.string } == ["none", "norm:1"])
    #expect(paths[0]["left_step"]?.double == 26 && paths[1]["left_step"]?.isNull == true)
    #expect(try #require(paths[0]["error"]?.double) > 0.08)
    #expect(try #require(paths[1]["error"]?.double) < 1e-3)
  }

  /// `config.json` holds the defaults that only --surface has.
  @Test func replays() throws {
    let runs = try TemporaryRuns()
    let words = ["--thresholds", "none,0.5,value:1", "--start", "5,-2.35", "--json", "--quiet"]
    let first = runs.run(["clip", "--surface", "--out", runs.path("a")] + words)
    let replay = runs.run([
      "clip", "--config", runs.path("a/config.json"), "--out", runs.path("b"), "--json",
    ])
    #expect(first.status == .done && first.out == replay.out)
    #expect(try runs.text("a/path.csv") == runs.text("b/path.csv"))
  }

  @Test(arguments: [
    (["adding", "--surface"], "TASK adding: must be left out with --surface"),
    (["--surface", "--hidden", "4"], "--surface and --hidden exclude each other"),
    (["--surface", "--seeds", "3"], "--surface and --seeds exclude each other"),
    (["--surface", "--shuffle"], "--surface and --shuffle exclude each other"),
    (["--surface", "--clip", "1", "--thresholds", "2"], "--clip and --thresholds exclude"),
    (["--surface", "--clip", "agc:0.1"], "--clip agc:0.1: must be none, norm:τ or value:τ with"),
    (["--surface", "--thresholds", "none,2x"], "--thresholds none,2x: must be none, norm:τ or"),
    (["--surface", "--norm-steps", "5"], "--surface and --norm-steps exclude each other"),
    (["--surface", "--start", "5"], "--start 5: must be two numbers from -100 to 100"),
    (["--surface", "--start", "5,nan"], "--start 5,nan: must be two numbers"),
    (["--surface", "--start", "1e9,0"], "--start 1e9,0: must be two numbers"),
    (["--surface", "--steps", "1000000"], "--steps 1000000: must be a whole number from 0 to"),
    (["--start", "5,-2"], "--start 5,-2: must be left out without --surface"),
  ])
  func refusesInOneLine(words: [String], expected: String) throws {
    let folder = try ClipFolder()
    let result = folder.run(["clip"] + words, out: "run")
    #expect(result.status == .usage && result.out.isEmpty)
    #expect(result.err.hasPrefix("unroll: \(expected)"), "\(result.err)")
    #expect(result.err.count { $0 == "\n" } == 1)
    #expect(!folder.exists("run"))
  }

  /// Rates and starts far out neither trap nor leave the figure undrawn.
  @Test(arguments: [
    ["--learning-rate", "1e300"], ["--start", "-100,100"], ["--steps", "0"], ["--clip", "1e-9"],
    ["--start", "0,0"],
  ])
  func takesExtremes(words: [String]) throws {
    let runs = try TemporaryRuns()
    let outcome = runs.run(["clip", "--surface", "--out", runs.path("a")] + words)
    #expect(outcome.status == .done && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.out.contains("On the line b = 0.5 - 0.622 w the unit stays"))
  }
}
