import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// `unroll clip --surface`.
@Suite struct ClipSurfaceTests {
  @Test func showsThePathsWithAndWithoutClipping() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.run(["clip", "--surface", "--out", runs.path("a")])
    #expect(outcome.status == .done)
    let text = outcome.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("No clipping: after 25 updates a gradient of norm 121 throws it out of"))
    #expect(outcome.out.split(separator: "\n").allSatisfy { $0.count <= 90 })
    let files = try #require(runs.files(in: "a"))
    #expect(
      Set(files).isSuperset(of: [
        "config.json", "path.csv", "summary.json", "surface.csv", "clip-surface.gp",
      ]))
    // A header, and the start and 500 updates under either rule; 121 by 121 places.
    #expect(try runs.text("a/path.csv").split(separator: "\n").count == 1 + 2 * 501)
    let surface = try runs.text("a/surface.csv").split(separator: "\n")
    #expect(surface.count == 1 + 121 * 121)
    #expect(surface[1].hasPrefix("4.2,-3.0,") && surface.last?.hasPrefix("5.4,-2.0,") == true)

    let summary = try JSONValue(contentsOf: runs.path("a/summary.json"))
    let paths = try #require(summary["paths"]?.array)
    #expect(paths.map { $0["threshold"]?.string } == ["none", "norm:1"])
    #expect(paths[0]["left_step"]?.double == 26 && paths[1]["left_step"]?.isNull == true)
    #expect(try #require(paths[0]["error"]?.double) > 0.08)
    #expect(try #require(paths[1]["error"]?.double) < 1e-3)
    let nearby = try #require(paths[1]["nearby_starts"])
    #expect(nearby["count"] == 8 && nearby["left"] == 0 && nearby["late_updates"] == 50)
    #expect(try #require(nearby["largest_late_error"]?.array?.last?.double) < 1e-3)
  }

  /// Clipped descent bounces along the wall, so that a start 1e-12 away ends elsewhere: what is said
  /// of it holds for such starts too.
  @Test(arguments: [(1.0, 0.0), (-0.3, 0.9), (0.2, -1), (-1, -1)])
  func whatIsSaidHoldsForNearbyStarts(shift: (Double, Double)) throws {
    let runs = try TemporaryRuns()
    let start = "\(4.9 + 1e-12 * shift.0),\(-2.3 + 1e-12 * shift.1)"
    let outcome = runs.run(["clip", "--surface", "--start", start, "--out", runs.path("a")])
    let text = outcome.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      text.contains(
        "Clip norm:1: stays in the picture and ends at w 4.4, b -2.2, error below 0.001."),
      "\(text)")
    #expect(text.contains("No clipping: after 25 updates a gradient of norm 121 throws"))
  }

  /// Far from the wall nothing is thrown: the text says so, without a wall and without NaN, and the
  /// picture has all of the path, once.
  @Test func aWalkIsCalledOne() throws {
    let runs = try TemporaryRuns()
    let words = ["--start", "0,0", "--steps", "100"]
    let outcome = runs.run(["clip", "--surface", "--out", runs.path("a")] + words)
    let text = outcome.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(!text.contains("nan") && !text.contains("throws"))
    #expect(text.contains("the error has no wall there; it has one where w is above 4.26."))
    #expect(
      text.contains(
        "No clipping, clip norm:1: stays in the picture and ends at w 0.255, b 0.445, error 0.00271."
      ))
    let summary = try JSONValue(contentsOf: runs.path("a/summary.json"))
    #expect(summary["paths"]?.array?.allSatisfy { $0["left_step"] == .null } == true)
    let script = try runs.text("a/clip-surface.gp")
    #expect(script.contains("$path0 <<") && !script.contains("$path1 <<"))
    #expect(!script.contains("$exit0 <<"))
    // The whole path is over the grid, which also has the wall.
    let path = try runs.text("a/path.csv").split(separator: "\n").dropFirst()
    let grid = try runs.text("a/surface.csv").split(separator: "\n").dropFirst()
    func places(_ rows: ArraySlice<Substring>, _ column: Int) -> [Double] {
      rows.compactMap { Double($0.split(separator: ",")[column]) }
    }
    for (own, shown) in [(2, 0), (3, 1)] {
      let (own, shown) = (places(path, own), places(grid, shown))
      let range = try #require(shown.min())...(try #require(shown.max()))
      #expect(own.count == 202 && own.allSatisfy(range.contains))
    }
    #expect(places(grid, 0).max() == 5.4 && places(grid, 1).min() == -3)
  }

  @Test(arguments: [
    // Steps that grow with the rate are a walk; one of norm 10.7 among those of norm 0.1 is not.
    (["--start", "1,-5", "--learning-rate", "3"], "ends at w 1.59, b -0.263, error below 1e-12"),
    (["--learning-rate", "10", "--thresholds", "none"], "after 2 updates a gradient of norm 10.7"),
    (
      ["--learning-rate", "1e300", "--thresholds", "none"],
      "No clipping: after 0 updates a gradient of"
    ),
    (
      ["--steps", "0", "--thresholds", "0.1,none,2"],
      "Clip norm:0.1, no clipping, clip norm:2: stays"
    ),
    (["--start", "4.25,-2", "--learning-rate", "1"], "No clipping: after 1 update a gradient of"),
    // Bouncing free, each start goes its own way.
    (["--start", "5.3,-2.9", "--thresholds", "none"], "of 8 starts 1e-12 away"),
  ])
  func saysWhatHappened(words: [String], expected: String) throws {
    let runs = try TemporaryRuns()
    let outcome = runs.run(["clip", "--surface", "--out", runs.path("a")] + words)
    let text = outcome.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains(expected), "\(text)")
    // The key is read in full.
    #expect(try !runs.text("a/clip-surface.gp").contains("…"))
  }

  /// A comparison is not ended by a surface drawn into its folder.
  @Test func aComparisonsFolderIsRefused() throws {
    let folder = try ClipFolder()
    folder.clip("--thresholds", "1", "--seeds", "1")
    let before = try ["clip.csv", "config.json", "summary.json"].map {
      try folder.text("run/\($0)")
    }
    let result = folder.run(["clip", "--surface"], out: "run")
    #expect(result.status == .usage && result.out.isEmpty)
    #expect(
      result.err == "unroll: --out: \(folder("run/config.json")) is of unroll 'clip'; accepted is "
        + "the folder of unroll clip --surface, or a new one\n")
    let after = try ["clip.csv", "config.json", "summary.json"].map { try folder.text("run/\($0)") }
    #expect(after == before && !folder.exists("run/path.csv"))
    #expect(folder.clip("--thresholds", "1", "--seeds", "2").status == .done)
  }

  /// `config.json` holds the defaults that only --surface has.
  @Test func replays() throws {
    let runs = try TemporaryRuns()
    let words = ["--thresholds", "none,0.5,value:1", "--start", "5,-2.35", "--json", "--quiet"]
    let first = runs.run(["clip", "--surface", "--out", runs.path("a")] + words)
    let replay = runs.run([
      "clip", "--config", runs.path("a/config.json"), "--out", runs.path("b"), "--json",
    ])
    #expect(first.status == .done && first.results == replay.results)
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
    // What is given is a task, only not to be given here.
    #expect(!result.err.contains("did you mean"))
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
