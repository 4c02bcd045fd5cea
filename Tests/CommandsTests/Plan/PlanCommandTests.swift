import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

struct PlanCommandTests {
  private static let network = ["--bandwidth", "1GB/s", "--latency", "50us", "--budget", "0.01"]
  private static let tiny = ["--length", "6", "--batch", "8", "--hidden", "4", "--threads", "1"]

  @Test func jsonHasAPointForEachNumberOfRanks() throws {
    let workspace = try Workspace()
    let outcome = workspace.run(
      ["plan", "copy", "--cell", "gru", "--ranks", "8", "--json", "--quiet"]
        + Self.network + Self.tiny)
    #expect(outcome.status == .done && outcome.errors.isEmpty, "\(outcome.errors)")
    let object = try #require(try JSONValue(parsing: Data(outcome.output.utf8)).object)
    #expect(
      object.keys == [
        "task", "cell", "parameters", "gradient_bytes", "batch", "threads", "precision",
        "latency_seconds", "bandwidth_bytes_per_second", "points", "fastest_ranks", "is_doubtful",
        "cpu",
        "version",
      ])
    #expect(object["task"]?.string == "copy" && object["cell"]?.string == "gru")
    #expect(object["bandwidth_bytes_per_second"]?.double == 1e9)
    let bytes = try #require(object["gradient_bytes"]?.int)
    #expect(bytes == (object["parameters"]?.int ?? 0) * 4)
    let points = try #require(object["points"]?.array).map { try #require($0.object) }
    #expect(points.map { $0["ranks"]?.int } == [1, 2, 4, 8])
    #expect(points.map { $0["rows"]?.int } == [8, 4, 2, 1])
    func milliseconds(_ point: JSONObject, _ key: String) -> Double {
      point["\(key)_ms"]?.double ?? .nan
    }
    for point in points.dropFirst() {
      #expect(
        point.keys == [
          "ranks", "rows", "compute_ms", "ring_ms", "tree_ms", "doubling_ms", "update_ms",
          "speedup", "efficiency",
        ])
      let fastest = min(
        milliseconds(point, "ring"), milliseconds(point, "tree"), milliseconds(point, "doubling"))
      let update = milliseconds(point, "update")
      // Rounding of a few operations, relative.
      #expect(abs(update / (milliseconds(point, "compute") + fastest) - 1) < 1e-12)
      let speedup = milliseconds(points[0], "update") / update
      #expect(abs((point["speedup"]?.double ?? .nan) / speedup - 1) < 1e-12)
      let ranks = Double(point["ranks"]?.int ?? 0)
      #expect(abs((point["efficiency"]?.double ?? .nan) * ranks / speedup - 1) < 1e-12)
    }
    // Two ranks exchange the whole gradient once.
    #expect(
      abs(milliseconds(points[1], "doubling") - (0.05 + Double(bytes) / 1e6)) < 1e-12)
    let fastest = try #require(
      points.min { milliseconds($0, "update") < milliseconds($1, "update") })
    #expect(object["fastest_ranks"]?.int == fastest["ranks"]?.int)
  }

  /// A slow network makes one process the fastest, a network without cost as many as share the work.
  @Test func theTableSaysWhetherItPays() throws {
    let workspace = try Workspace()
    let slow = workspace.run(
      ["plan", "--ranks", "4", "--bandwidth", "1kB/s", "--latency", "1s", "--budget", "0.01"]
        + Self.tiny)
    #expect(slow.status == .done, "\(slow.errors)")
    // What else the machine does may disturb so short a measurement.
    let doubt = "do not follow from the rows"
    #expect(
      slow.output.contains("One process is the fastest: with 2 ranks")
        || slow.output.contains(doubt), "\(slow.output)")
    let fast = workspace.run(
      [
        "plan", "--ranks", "4", "--bandwidth", "1000TB/s", "--latency", "0s", "--budget", "0.05",
        "--length", "50", "--hidden", "32", "--batch", "64", "--threads", "1",
      ])
    #expect(fast.status == .done, "\(fast.errors)")
    #expect(
      fast.output.contains("4 ranks are the fastest") || fast.output.contains(doubt),
      "\(fast.output)")
    for line in (slow.output + fast.output).split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
    // Nothing is written.
    #expect(workspace.names.isEmpty)
  }

  /// A run's config.json is a plan's too.
  @Test func aRunIsPlannedFromItsFile() throws {
    let workspace = try Workspace()
    let run = workspace.run(
      [
        "train", "copy", "--steps", "2", "--cell", "rnn", "--watch-decay", "1", "--out",
        workspace("run"), "--quiet",
      ]
        + Self.tiny)
    #expect(run.status == .done, "\(run.errors)")
    let outcome = workspace.run(
      ["plan", "--config", workspace("run/config.json"), "--ranks", "2", "--json"] + Self.network)
    #expect(outcome.status == .done, "\(outcome.errors)")
    let object = try #require(try JSONValue(parsing: Data(outcome.output.utf8)).object)
    #expect(object["task"]?.string == "copy" && object["cell"]?.string == "rnn")
    #expect(object["batch"]?.int == 8)
  }

  /// Of another command there are no updates to plan.
  @Test func onlyRunsOfTrainAndSweepArePlanned() throws {
    let workspace = try Workspace()
    let config = try workspace.file(
      "config.json", #"{"command": "clip", "options": {"thresholds": "1"}}"#)
    let outcome = workspace.run(["plan", "--config", config, "--ranks", "2"] + Self.network)
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(
      outcome.errors.last?.contains(
        "records a run of unroll clip, and a run of unroll train or sweep is")
        == true, "\(outcome.errors)")
  }

  @Test(arguments: [
    (["--ranks", "1", "--bandwidth", "1GB", "--latency", "1us"], "--ranks 1: must be"),
    (
      ["--ranks", "9", "--bandwidth", "1GB", "--latency", "1us"],
      "a batch of 8 rows cannot be shared by 9 ranks"
    ),
    (
      ["--ranks", "2", "--bandwidth", "10", "--latency", "1us"],
      "--bandwidth 10: must be a rate above 0"
    ),
    (
      ["--ranks", "2", "--bandwidth", "1GB", "--latency", "10"],
      "--latency 10: must be a time such as 50us"
    ),
    (["--ranks", "2", "--bandwidth", "1GB", "--latency", "1us", "--out", "x"], "--out"),
    (["--bandwidth", "1GB", "--latency", "1us"], "--ranks"),
    (["--ranks", "2", "--latency", "1us"], "--bandwidth"),
  ])
  func badPlansAreRefused(words: [String], reason: String) throws {
    let workspace = try Workspace()
    let outcome = workspace.run(["plan"] + Self.tiny + words)
    #expect(outcome.status == .usage && outcome.errors.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.last?.contains(reason) == true, "\(outcome.errors)")
  }
}
