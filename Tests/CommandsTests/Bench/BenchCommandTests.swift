import Foundation
import Testing
import UnrollFileFormats
import UnrollRecurrentCells

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

struct BenchCommandTests {
  private let tiny = ["--length", "6", "--batch", "3", "--hidden", "4", "--budget", "0.01"]

  @Test(arguments: [("float", "sgemm"), ("double", "dgemm")])
  func jsonHasOneObjectAPoint(precision: String, product: String) throws {
    let workspace = try Workspace()
    let outcome = workspace.run(
      ["bench", "--cell", "gru", "--precision", precision, "--threads", "2", "--json", "--quiet"]
        + tiny)
    #expect(outcome.status == .done && outcome.errors.isEmpty, "\(outcome.errors)")
    let object = try #require(try JSONValue(parsing: Data(outcome.output.utf8)).object)
    #expect(
      object.keys == [
        "points", "threads", "ranks", "precision", "\(product)_peak_gflops",
        "multiply_add_peak_gflops",
        "cpu", "version",
      ])
    #expect(object["ranks"]?.int == 1)
    #expect(object["threads"]?.int == 2 && object["precision"]?.string == precision)
    #expect(object["version"]?.string == Version.current)

    let point = try #require(object["points"]?.array?.first?.object)
    #expect(
      point.keys == [
        "cell", "length", "batch", "input", "hidden", "ms", "gflops", "peak_gflops",
        "fraction_of_peak", "parts",
      ])
    #expect(point["cell"]?.string == "gru" && point["input"]?.int == 2)
    let (ms, gflops) = try (
      #require(point["ms"]?.double), #require(point["gflops"]?.double)
    )
    // 2·T·B·G·H·(2I + 3H) operations; relative rounding of a few operations.
    let operations = Double(2 * (6 * 3) * (3 * 4) * (2 * 2 + 3 * 4))
    #expect(abs(gflops * ms * 1e6 / operations - 1) < 1e-12)
    let peak = try #require(object["\(product)_peak_gflops"]?.double)
    #expect(point["peak_gflops"]?.double == peak)
    #expect(abs((point["fraction_of_peak"]?.double ?? 0) * peak / gflops - 1) < 1e-12)
    let parts = try #require(point["parts"]?.object)
    #expect(
      parts.keys == [
        "input_product", "recurrent_forward", "gates", "recurrent_backward", "weight_gradients",
        "all_reduce", "update", "rest",
      ])
    // One process has no one to sum with.
    #expect(parts["all_reduce"]?.double == 0)
    #expect(abs(parts.reduce(0) { $0 + ($1.value.double ?? .nan) } - 1) < 1e-12)
  }

  @Test func subnormalsAsJSON() throws {
    let workspace = try Workspace()
    let outcome = workspace.run(["bench", "--subnormals", "--json", "--quiet"] + tiny)
    #expect(outcome.status == .done && outcome.errors.isEmpty)
    let object = try JSONValue(parsing: Data(outcome.output.utf8))
    let points = try #require(object["points"]?.array)
    #expect(points.map { $0["cell"]?.string } == ["rnn", "lstm/forget-bias=none"])
    for point in points {
      let flushed = try #require(point["flushed_ms"]?.double)
      let unflushed = try #require(point["unflushed_ms"]?.double)
      let ratio = try #require(point["ratio"]?.double)
      // Relative rounding of a few operations.
      #expect(flushed > 0 && abs(ratio * flushed / unflushed - 1) < 1e-12)
      #expect(point["subnormal_fraction"]?.double == 0)
    }
  }

  @Test func recomputeAsJSON() throws {
    let workspace = try Workspace()
    let outcome = workspace.run([
      "bench", "--cell", "gru", "--length", "30", "--batch", "300", "--hidden", "4", "--budget",
      "0.01",
      "--threads", "1", "--recompute", "every:8", "--json",
    ])
    #expect(outcome.status == .done)
    // A tile has 1,024 rows, 3 steps of them: segments of 9, 9, 9 and 3 steps.
    #expect(
      outcome.errors.first?.hasPrefix(
        "gru: states are kept at 3 checkpoints and of 9 steps at a time: ") == true,
      "\(outcome.errors)")
    let object = try JSONValue(parsing: Data(outcome.output.utf8))
    let point = try #require(object["points"]?.array?.first)
    let kept = try #require(point["kept_ms"]?.double)
    let recomputed = try #require(point["recomputed_ms"]?.double)
    #expect(kept > 0 && recomputed > 0)
    // Relative rounding of a few operations.
    #expect(abs((point["ratio"]?.double ?? 0) * kept / recomputed - 1) < 1e-12)
  }

  @Test func observerAsJSON() throws {
    let workspace = try Workspace()
    let outcome = workspace.run(["bench", "--observer", "--json", "--quiet"] + tiny)
    #expect(outcome.status == .done && outcome.errors.isEmpty)
    let object = try JSONValue(parsing: Data(outcome.output.utf8))
    let points = try #require(object["points"]?.array)
    #expect(points.map { $0["cell"]?.string } == CellKind.builtIn.map(\.name))
    for point in points {
      let plain = try #require(point["plain_ms"]?.double)
      let observed = try #require(point["observed_ms"]?.double)
      let ratio = try #require(point["ratio"]?.double)
      #expect(plain > 0 && abs(ratio * plain / observed - 1) < 1e-12)
      #expect(point["subnormal_fraction"] == nil)
    }
  }

  @Test func subnormalsAsATable() throws {
    let workspace = try Workspace()
    let outcome = workspace.run(["bench", "--subnormals", "--cells", "rnn"] + tiny)
    let lines = outcome.output.split(separator: "\n")
    #expect(outcome.status == .done && lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains("rnn") && lines.contains { $0.hasPrefix("  6,3,2,4  ") })
    #expect(lines.last == "Where none are subnormal there is nothing to flush.")
    #expect(outcome.errors.count == 1 && outcome.errors[0].hasPrefix("rnn 6,3,2,4: "))
  }

  @Test func wrongUsageIsOneLine() throws {
    let workspace = try Workspace()
    func refuses(_ words: String..., saying parts: String...) {
      workspace.expectRefusal(["bench"] + words, .usage, saying: parts)
    }
    refuses("--cells", "rnn,grux", saying: "--cells rnn,grux", "'grux'")
    refuses("--cell", "rnn", "--cells", "gru", saying: "--cell and --cells exclude each other")
    refuses("--serve", "--json", saying: "--serve and --json exclude each other")
    refuses("--serve", "--subnormals", saying: "--subnormals and --serve exclude each other")
    refuses(
      "--recompute", "every:5", "--observer",
      saying: "--observer and --recompute exclude each other")
    refuses("--recompute", "memory:1KB", saying: "--recompute memory:1KB is too little")
    refuses("--input", "0", saying: "--input 0", "from 1 to 65,536")
    refuses("--budget", "0", saying: "--budget 0", "above 0 and at most 3600")
    refuses("--budget", "nan", saying: "--budget nan")
    refuses("adding", saying: "unexpected argument 'adding'")
    refuses(
      "--length", "1000000", "--batch", "65536", "--hidden", "65536",
      saying: "GB of memory", "smaller --hidden")
  }
}
