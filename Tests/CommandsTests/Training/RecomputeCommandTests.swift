import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// `--recompute` of `unroll train` and `unroll decay`.
struct RecomputeCommandTests {
  private let workspace: Workspace
  /// 100 rows and 64 units: tiles of 5 steps.
  private let sizes = ["--length", "40", "--hidden", "64", "--batch", "100", "--threads", "1"]

  init() throws { workspace = try Workspace() }

  private func columns(_ name: String, _ count: Int) throws -> [[String]] {
    try CSVTable(path: workspace(name)).rows.map { Array($0.prefix(count)) }
  }

  @Test(arguments: ["every:5", "every:12", "memory:7MB"])
  func trainingIsTheSame(_ recompute: String) throws {
    let words =
      ["train", "adding", "--watch-decay", "3", "--validation-sequences", "20"] + sizes
      + ["--test-sequences", "20", "--steps"]
    #expect(workspace.run(words + ["6", "--quiet", "--out", workspace("whole")]).status == .done)
    let outcome = workspace.run(
      words + ["6", "--recompute", recompute, "--out", workspace("some")])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.errors.filter { $0.hasPrefix("states are kept at ") }.count == 1)
    #expect(outcome.errors.filter { $0.hasPrefix("--watch-decay: states are kept ") }.count == 1)
    // All but the seconds.
    #expect(try columns("some/metrics.csv", 5) == columns("whole/metrics.csv", 5))
    #expect(
      try workspace.bytes("some/decay-over-training.csv")
        == workspace.bytes("whole/decay-over-training.csv"))
    let config = try JSONValue(contentsOf: workspace("some/config.json"))
    #expect(config["options"]?["recompute"]?.string == recompute)

    // Going on with all states in memory.
    let resumed = workspace.run([
      "train", "--resume", workspace("some/checkpoint.safetensors"), "--recompute", "auto",
      "--steps",
      "9", "--quiet",
    ])
    #expect(resumed.status == .done, "\(resumed.errors)")
    #expect(
      workspace.run(words + ["9", "--quiet", "--out", workspace("long")]).status == .done)
    #expect(try columns("some/metrics.csv", 5) == columns("long/metrics.csv", 5))
  }

  @Test(arguments: ["every:5", "memory:8MB"])
  func measuringIsTheSame(_ recompute: String) throws {
    let words =
      ["decay", "--cells", "lstm", "--truncation", "3,20", "--exponents", "--exponent-count", "2"]
      + sizes
    #expect(workspace.run(words + ["--quiet", "--out", workspace("whole")]).status == .done)
    let outcome = workspace.run(words + ["--recompute", recompute, "--out", workspace("some")])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.errors.filter { $0.hasPrefix("lstm: states are kept at ") }.count == 1)
    for name in ["decay", "contributions", "gates", "formats", "truncation", "exponents"] {
      #expect(
        try workspace.bytes("some/\(name).csv") == workspace.bytes("whole/\(name).csv"), "\(name)")
    }
  }
}
