import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// What a training's summary says of the settings that its numbers were made under.
struct RunSettingsTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func train(_ words: String...) throws -> TemporaryRuns.Outcome {
    let outcome = runs.run(["train"] + words + ["--quiet"])
    #expect(outcome.status == .done, "\(outcome.errors)")
    return outcome
  }

  private func summary() throws -> JSONValue {
    try JSONValue(contentsOf: runs.path("run/summary.json"))
  }

  private let small = ["--length", "6", "--hidden", "3", "--batch", "2", "--eval-every", "2"]

  @Test(arguments: [("full", "  T 6, B 2, H 3,"), ("2:4", "  T 6, window 2:4, B 2, H 3,")])
  func theWindow(window: String, shown: String) throws {
    let outcome = runs.run(
      ["train", "adding", "--window", window, "--steps", "1", "--out", runs.path("run")] + small)
    #expect(outcome.status == .done && outcome.out.contains(shown), "\(outcome.out)")
    #expect(try summary()["window"]?.string == window)
    #expect(try summary()["changed_settings"] == [])
    #expect(outcome.out.contains(": not solved in 1 update\n"))
  }

  /// A rate that was changed twice is told twice, with the update from which it holds.
  @Test func theRatesOfAResumedRun() throws {
    let (run, checkpoint) = (runs.path("run"), runs.path("run/checkpoint.safetensors"))
    let first = runs.run(["train", "adding", "--steps", "4", "--out", run, "--quiet"] + small)
    #expect(first.status == .done)
    _ = try train("--resume", checkpoint, "--steps", "6", "--learning-rate", "0.01")
    let last = try train("--resume", checkpoint, "--steps", "8", "--learning-rate", "0.1")
    #expect(
      try summary()["changed_settings"] == [
        ["after": 4, "name": "learning-rate", "before": 0.001, "now": 0.01],
        ["after": 6, "name": "learning-rate", "before": 0.01, "now": 0.1],
      ])
    #expect(last.out.contains("adam 0.1,"))
    #expect(last.out.contains("learning-rate 0.01 from update 5 on (0.001 before)"))
    #expect(last.out.contains("learning-rate 0.1 from update 7 on (0.01 before)"))
    let script = try runs.text("run/loss.gp")
    #expect(script.contains("learning-rate 0.01 from update 5 on"))
  }

  /// What no setting is, such as the kernels, and parts that say nothing, are left out.
  @Test func changesAreReadFromTheConfig() {
    let resumed: JSONValue = [
      ["after": 3, "before": ["kernels": "avx2", "eval-every": 5]], ["before": ["eval-every": 7]],
      ["after": 9, "before": ["eval-every": 8]],
    ]
    let changes = SettingChange.list(resumed: resumed, settings: ["eval-every": 10])
    #expect(
      changes == [
        SettingChange(after: 3, name: "eval-every", before: 5, now: 8),
        SettingChange(after: 9, name: "eval-every", before: 8, now: 10),
      ])
    #expect(changes[0].description == "eval-every 8 from update 4 on (5 before)")
    #expect(SettingChange.list(resumed: nil, settings: [:]).isEmpty)
  }
}
