import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// A run that breaks off because of a batch meets it again.
struct BrokenOffRunTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Twelve sequences in batches of two; the target of the seventh overflows the squared error.
  private func words() throws -> [String] {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [2, 12, 1], (0..<24).map { Double($0 % 5) / 5 })
    writer.append("y", shape: [12, 1], (0..<12).map { $0 == 6 ? 3e22 : 0.5 })
    try writer.write(to: runs.path("a.safetensors"))
    return [
      "train", "arrays", "--inputs", runs.path("a.safetensors"), "--cell", "rnn", "--hidden", "3",
      "--batch", "2", "--steps", "30", "--clip", "none", "--optimizer", "sgd", "--threads", "1",
      "--quiet",
    ]
  }

  @Test func resumingMeetsTheSameBatch() throws {
    let first = runs.run(try words() + ["--eval-every", "2", "--out", runs.path("run")])
    #expect(first.status == .nonFinite)
    for _ in 0..<2 {
      let again = runs.run([
        "train", "--resume", runs.path("run/checkpoint.safetensors"), "--quiet",
      ])
      #expect(again.status == .nonFinite && again.errors == first.errors, "\(again.errors)")
    }
  }

  /// Nothing was saved before the failing batch, so there is nothing to go on from; the weights are there.
  @Test func aRunBrokenOffBeforeItsFirstEvaluationLeavesNoCheckpoint() throws {
    #expect(runs.run(try words() + ["--out", runs.path("run")]).status == .nonFinite)
    let files = try #require(runs.files(in: "run"))
    #expect(files.contains("model.safetensors") && !files.contains("checkpoint.safetensors"))
  }

  @Test func aRunThatMadeNoUpdateIsNoSuccess() throws {
    let outcome = runs.run([
      "train", "adding", "--cell", "rnn/activation=relu/init=identity:1.3", "--clip", "none",
      "--length", "400", "--hidden", "6", "--steps", "3", "--on-nonfinite", "skip", "--json",
      "--quiet", "--out", runs.path("run"),
    ])
    #expect(outcome.status == .nonFinite)
    #expect(outcome.json["outcome"] == "nonfinite" && outcome.json["nonfinite_steps"]?.int == 3)
    #expect(outcome.errors.contains { $0.contains("all of them were left out") })
  }
}
