import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Readings that fit, and may not be what was meant, are said in one line.
struct ReadingWarningTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// 18 values to train on in 2 rows: 8 steps each.
  @Test func aWindowLongerThanAStreamsRows() throws {
    func train(_ window: String) throws -> [String] {
      let outcome = runs.run([
        "train", "series", "--file", try runs.seriesFile(), "--column", "level", "--hidden", "3",
        "--batch", "2", "--steps", "1", "--window", window, "--quiet", "--out", runs.path("run"),
      ])
      #expect(outcome.status == .done)
      return outcome.errors
    }
    let warning =
      "a row has 8 steps, fewer than the window's 9; a smaller --batch makes rows longer"
    #expect(try train("9").contains { $0.contains(warning) })
    #expect(try !train("8").contains { $0.contains("fewer than the window's") })
  }

  @Test func sequencesOfDifferentLengthsInACurve() throws {
    func measure(_ lengths: [Int]) throws -> [String] {
      let file = try runs.arraysFile { writer in
        writer.append("y", shape: [5, 1], [0.1, 0.2, 0.3, 0.4, 0.5])
        writer.append("lengths", shape: [5], lengths)
      }
      let outcome = runs.run([
        "decay", "--inputs", file, "--cells", "rnn", "--hidden", "3", "--out", runs.path("run"),
      ])
      #expect(outcome.status == .done, "\(outcome.errors)")
      return outcome.errors
    }
    #expect(
      try measure([4, 2, 2, 4, 4]).contains {
        $0.contains(
          "from lag 2 on a norm is the mean over the longer ones alone, at lag 3 over 3 of 5")
      })
    #expect(try !measure([4, 4, 4, 4, 4]).contains { $0.contains("differ in length") })
  }

  @Test func aModelsOwnDataDividedOtherwise() throws {
    let model = runs.train("series", ["--file", try runs.seriesFile(), "--column", "level"]).model
    let warning = "--holdout divides the data otherwise than in training"
    // Of 30 values the last 6 were left for the test.
    let other = runs.run(["evaluate", "--model", model, "--holdout", "7"])
    #expect(other.status == .done && other.errors.contains { $0.contains(warning) })
    #expect(runs.run(["evaluate", "--model", model]).errors.isEmpty)
    #expect(runs.run(["evaluate", "--model", model, "--holdout", "3"]).errors.isEmpty)
    let forecast = runs.run([
      "predict", "--model", model, "--holdout", "7", "--out", runs.path("forecast"),
    ])
    #expect(forecast.errors.contains { $0.contains(warning) })
  }

  @Test func aRunWithNothingLeftToDo() throws {
    let words = ["train", "adding", "--length", "5", "--hidden", "3", "--steps", "3", "--quiet"]
    #expect(runs.run(words + ["--out", runs.path("run")]).status == .done)
    let again = runs.run(["train", "--resume", runs.path("run/checkpoint.safetensors")])
    #expect(again.status == .done)
    #expect(again.errors.contains { $0.contains("the run has made all of its 3 updates") })
  }
}
