import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Whatever is wrong with gnuplot, a run has all of its data and results, and says so in a short warning.
struct GnuplotFailureTests {
  @Test(arguments: [
    "kill -SEGV $$", "exit 1", "printf '<?xml' > loss.svg",
    "head -c 50000000 /dev/zero | tr '\\0' x >&2; exit 1", "sleep 100 & exit 1",
  ])
  func aRunIsWhole(script: String) throws {
    let folder = try TemporaryFolder()
    try writeExecutable(script, to: folder("gnuplot"))
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let outcome = try BuiltProgram.run(
      [
        "train", "adding", "--length", "6", "--hidden", "3", "--batch", "2", "--steps", "4",
        "--watch-decay", "2", "--quiet", "--out", folder("run"),
      ], environment: ["PATH": "\(folder.path):\(path)"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.errors.split(separator: "\n")
    #expect((1...2).contains(lines.count) && outcome.errors.utf8.count < 1_000)
    #expect(lines.allSatisfy { $0.contains("warning: gnuplot") }, "\(outcome.errors.prefix(500))")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("run")).sorted()
    #expect(
      names == [
        "best.safetensors", "checkpoint.safetensors", "config.json", "decay-over-training.csv",
        "decay-over-training.gp", "loss.gp", "metrics.csv", "model.safetensors", "summary.json",
      ])
    let summary = try JSONValue(contentsOf: folder("run/summary.json"))
    #expect(summary["outcome"]?.string == "finished")
  }
}
