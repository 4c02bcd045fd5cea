import Foundation
import Testing
import UnrollFileFormats
import UnrollSequenceTasks

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// What `train` says of validation and test, in words, in JSON and in its files.
struct TrainPartsTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func train(_ words: [String], steps: Int = 6) -> TemporaryRuns.Outcome {
    runs.run(
      [
        "train", "--hidden", "4", "--batch", "2", "--steps", "\(steps)", "--eval-every", "2",
        "--precision", "double", "--threads", "1", "--out", runs.path("run"),
      ] + words)
  }

  private func numbers(_ name: String) throws -> [JSONValue?] {
    let summary = try JSONValue(contentsOf: runs.path("run/summary.json"))
    return ["\(name)_loss", "best_\(name)_loss"].map { summary[$0] }
  }

  private func metrics(_ column: String) throws -> [String] {
    try CSVTable(path: runs.path("run/metrics.csv")).texts(inColumn: column)
  }

  @Test(arguments: ["adding", "copy", "text", "series"])
  func everyTaskHasThreeParts(task: String) throws {
    let data =
      switch task {
      case "text": ["--file", try runs.textFile(), "--window", "10"]
      case "series": ["--file", try runs.seriesFile(), "--column", "level", "--window", "5"]
      default:
        ["--length", "10", "--validation-sequences", "20", "--test-sequences", "10"]
      }
    let outcome = train([task] + data)
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.out.contains("  validation ") && outcome.out.contains("  test "))
    #expect(!outcome.out.contains("on the training data"))
    #expect(outcome.errors.contains { $0.contains("  validation ") })
    let summary = try JSONValue(contentsOf: runs.path("run/summary.json"))
    for name in ["validation", "test"] {
      for value in try numbers(name) { #expect(try #require(value?.double).isFinite) }
    }
    #expect(try numbers("training_data") == [.null, .null])
    let accuracies = ["validation", "best_validation", "test", "best_test"]
      .map { summary["\($0)_accuracy"] }
    let isClasses = task == "copy" || task == "text"
    #expect(accuracies.allSatisfy { ($0 != .null) == isClasses && $0 != nil })
    #expect(summary["test_loss"] != summary["validation_loss"])

    // The best is the lowest of the metrics, the last the last.
    let losses = try metrics("validation_loss")
    #expect(losses.enumerated().allSatisfy { ($0.offset % 2 == 1) == !$0.element.isEmpty })
    let taken = losses.compactMap(Double.init)
    #expect(summary["validation_loss"]?.double == taken.last)
    #expect(summary["best_validation_loss"]?.double == taken.min())
    let best = try #require(taken.firstIndex(of: taken.min() ?? .nan))
    #expect(summary["best_step"] == .integer(2 * (best + 1)))
    #expect(try metrics("step") == (1...6).map(String.init))
    let evaluation = try #require(summary["evaluation_seconds"]?.double)
    let seconds = try #require(summary["seconds"]?.double)
    let updates = try #require(summary["ms_per_step"]?.double) * 6 / 1000
    #expect(evaluation > 0 && updates > 0 && evaluation + updates <= seconds * (1 + 1e-9))
  }

  /// What a model file's own evaluation gives is what the run reported, of the last and of the best
  /// weights.
  @Test func bestAndLastWeightsAreTestedAsTheirFilesAre() throws {
    #expect(
      train(
        ["adding", "--length", "8", "--learning-rate", "0.3", "--test-sequences", "30"], steps: 20
      )
      .status == .done)
    let summary = try JSONValue(contentsOf: runs.path("run/summary.json"))
    for (file, key) in [("model", "test_loss"), ("best", "best_test_loss")] {
      let path = runs.path("run/\(file).safetensors")
      let outcome = runs.run(["evaluate", "--model", path, "--threads", "1", "--json"])
      #expect(outcome.json["test_loss"] == summary[key] && summary[key] != nil)
    }
    #expect(summary["best_step"] != 20 && summary["test_loss"] != summary["best_test_loss"])
  }

  /// Nothing is called validation or test where there is neither.
  @Test func withoutPartsTheTrainingDataAreNamed() throws {
    let file = try runs.arraysFile { $0.append("y", shape: [5, 1], [0, 0.5, 0.2, 1, 0.7]) }
    let outcome = train(["arrays", "--inputs", file])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.out.contains("squared error on the training data"))
    let texts = [outcome.out, try runs.text("run/loss.gp")] + outcome.errors
    for text in texts {
      #expect(!text.contains("validation") && !text.contains("test"), "\(text)")
    }
    #expect(try numbers("validation") == [.null, .null])
    #expect(try numbers("test") == [.null, .null])
    for value in try numbers("training_data") { #expect(try #require(value?.double) > 0) }
    let summary = try JSONValue(contentsOf: runs.path("run/summary.json"))
    #expect(summary["best_step"] != .null && summary["best_step"] != nil)
    #expect(try metrics("validation_loss").allSatisfy(\.isEmpty))
    #expect(try metrics("validation_accuracy").allSatisfy(\.isEmpty))
    #expect(runs.files(in: "run")?.contains("best.safetensors") == true)

    // The file itself says the same of them; other sequences are not training data.
    let model = runs.path("run/model.safetensors")
    let own = runs.run(["evaluate", "--model", model, "--threads", "1"])
    #expect(own.out.contains("squared error on the training data") && !own.out.contains("test"))
    let json = runs.run(["evaluate", "--model", model, "--threads", "1", "--json"]).json
    #expect(json["test_loss"] == summary["training_data_loss"])
    #expect(json["measured_on"] == "training data")
    let other = try runs.arraysFile("other.safetensors") {
      $0.append("y", shape: [5, 1], [1, 0.5, 0.2, 1, 0.7])
    }
    let given = runs.run(["evaluate", "--model", model, "--inputs", other, "--json"]).json
    #expect(given["measured_on"] == "all data" && given["test_loss"] != json["test_loss"])
  }

  @Test func arraysTakeFilesCountsAndShares() throws {
    let file = try runs.arraysFile { $0.append("y", shape: [5, 1], [0, 0.5, 0.2, 1, 0.7]) }
    let other = try runs.arraysFile("other.safetensors") {
      $0.append("y", shape: [5, 1], [1, 0, 0, 1, 0.7])
    }
    for words in [
      ["--validation", "1", "--test", "20%"], ["--validation", other, "--test", "0.2"],
    ] {
      let outcome = train(["arrays", "--inputs", file] + words)
      #expect(outcome.status == .done, "\(outcome.errors)")
      for name in ["validation", "test"] {
        for value in try numbers(name) { #expect(try #require(value?.double).isFinite) }
      }
    }
    // Only one of them.
    #expect(train(["arrays", "--inputs", file, "--test", other]).status == .done)
    #expect(try numbers("validation") == [.null, .null])
    #expect(try numbers("test").allSatisfy { $0 != .null && $0 != nil })
    #expect(try numbers("training_data").allSatisfy { $0 != .null && $0 != nil })
  }

  @Test func refusalsAreOneLine() throws {
    let file = try runs.arraysFile { $0.append("y", shape: [5, 1], [0, 0.5, 0.2, 1, 0.7]) }
    let (text, series) = (try runs.textFile(), try runs.seriesFile())
    let arrays = ["arrays", "--inputs", file]
    let cases: [([String], UnrollCommandLine.ExitStatus, [String])] = [
      (
        arrays + ["--validation", "0"], .usage,
        ["--validation 0", "above 0 and below 1", "number from 1"]
      ),
      (
        arrays + ["--test", "1.5"], .usage, ["--test 1.5", "share of the end above 0 and below 1"]
      ),
      (arrays + ["--validation", "0,1"], .usage, ["--validation 0,1", "such as 0.1 or 10%"]),
      (
        arrays + ["--test", "5"], .failed,
        [file, "validation and test take all of 5 sequences; at least 1 is needed to train on"]
      ),
      (
        arrays + ["--test", "0.1"], .failed,
        [file, "0 of 5 sequences are for the test", "a number from 1, or a share from 0.2"]
      ),
      (arrays + ["--test", "5%"], .failed, [file, "a number from 1, or a share from 0.2"]),
      (
        ["text", "--file", text, "--validation", "0.99"], .failed,
        [text, "to train on", "accepted: smaller parts for validation and test"]
      ),
      (
        ["series", "--file", series, "--column", "level", "--validation", "0.05"], .usage,
        ["--validation 0.05", "takes --holdout instead"]
      ),
      (
        ["text", "--file", text, "--holdout", "5"], .usage,
        ["takes --validation and --test instead"]
      ),
      (arrays + ["--test", "/nowhere"], .failed, ["/nowhere", "no such file"]),
      (arrays + ["--test-sequences", "9"], .usage, ["--test-sequences 9", "adding"]),
      (["text", "--file", text, "--test", file], .usage, ["--test", file, "share"]),
      (
        ["text", "--file", text, "--validation", "1"], .failed,
        [text, "for validation", "a number from 2, or a share from"]
      ),
      (
        ["adding", "--validation", "0.1"], .usage,
        ["--validation 0.1", "takes --validation-sequences instead", "text, arrays"]
      ),
      (
        ["series", "--file", series, "--column", "level", "--holdout", "13"], .usage,
        ["--holdout 13", "1 to 12", "validation"]
      ),
    ]
    for (words, status, parts) in cases {
      let outcome = train(words)
      #expect(outcome.status == status && outcome.errors.count == 1, "\(outcome)")
      for part in parts {
        #expect(outcome.errors.first?.contains(part) == true, "\(outcome.errors)")
      }
      #expect(runs.files(in: "run") == nil)
    }
  }

  // MARK: Interrupted

  /// Ctrl-C in an evaluation of many sequences: it ends soon, nothing half-measured is reported, and the
  /// resumed run is that which was not interrupted.
  @Test func anInterruptedEvaluationIsMadeAgain() async {
    await #expect(processExitsWith: .success) {
      let workspace = try Workspace()
      let words = [
        "adding", "--length", "20", "--hidden", "8", "--steps", "20", "--eval-every", "5",
        "--validation-sequences", "4000", "--test-sequences", "20", "--threads", "2", "--quiet",
      ]
      let whole = workspace.run(["train"] + words + ["--out", workspace("whole")])
      precondition(whole.status == .done, "expected status 0, got \(whole)")

      workspace.interruptOnceThereIsACheckpoint(in: "part")
      let part = workspace.run(["train"] + words + ["--out", workspace("part")])
      precondition(part.status == .interrupted, "expected status 130, got \(part)")
      Interrupt.uninstall()
      let summary = try JSONValue(contentsOf: workspace("part/summary.json"))
      precondition(
        summary["outcome"] == "interrupted" && summary["test_loss"] == .null
          && summary["best_test_loss"] == .null,
        "expected no test of an interrupted run, got \(summary)")

      let checkpoint = workspace("part/checkpoint.safetensors")
      let rest = workspace.run(["train", "--resume", checkpoint, "--quiet"])
      precondition(rest.status == .done, "expected status 0, got \(rest)")
      for name in ["model.safetensors", "best.safetensors"] {
        let isSame = try workspace.isSameFile("part/\(name)", "whole/\(name)")
        precondition(isSame, "expected the same \(name)")
      }
      let rows = (try workspace.metrics("part"), try workspace.metrics("whole"))
      precondition(rows.0 == rows.1, "expected the same metrics")
      for key in ["validation_loss", "best_validation_loss", "best_step", "test_loss"] {
        let values = try ["part", "whole"].map {
          try JSONValue(contentsOf: workspace("\($0)/summary.json"))[key]
        }
        precondition(values[0] == values[1] && values[0] != nil, "expected the same \(key)")
      }
    }
  }
}
