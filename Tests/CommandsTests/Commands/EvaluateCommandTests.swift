import Foundation
import Testing
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

struct EvaluateCommandTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func options(of task: String) throws -> [String] {
    switch task {
    case "text": ["--file", try runs.textFile(), "--window", "10"]
    case "series":
      ["--file", try runs.seriesFile(), "--column", "level", "--window", "5", "--holdout", "7"]
    case "arrays":
      [
        "--inputs",
        try runs.arraysFile { $0.append("y", shape: [5], [0, 1, 2, 1, 0]) },
        "--validation", "1", "--test", "40%",
      ]
    default:
      [
        "--length", "12", "--seed", "7", "--validation-sequences", "30", "--test-sequences", "40",
      ]
    }
  }

  @Test(
    arguments: TaskTable.all.map(\.name), CellKind.builtIn)
  func theModelAloneRepeatsTheTestOfItsTraining(task: String, cell: CellKind) throws {
    let (summary, model) = runs.train(task, try options(of: task) + ["--cell", cell.name])
    let evaluation = runs.run(["evaluate", "--model", model, "--threads", "1", "--json"])
    #expect(evaluation.status == .done && evaluation.errors.isEmpty)
    let keys = ["task", "cell", "parameters", "test_loss", "baseline_loss", "test_accuracy"]
    for key in keys + (task == "text" ? ["bits_per_character"] : []) {
      #expect(summary[key] != nil && evaluation.json[key] == summary[key], "\(key)")
    }
    #expect(evaluation.json["measured_on"] == "test")
    #expect(runs.files(in: "runs") == nil)
  }

  /// As after Ctrl-C: there is no loss of a part of the data.
  @Test func anEvaluationThatIsBrokenOffGivesNothing() throws {
    let model = try SavedModel(path: runs.train("adding", try options(of: "adding")).model)
    let task = try AddingTask(length: 12, seed: 7)
    #expect(throws: CancellationError.self) {
      try Evaluation(of: model, on: task, rows: 2, threads: 2, as: Float.self, until: { true })
    }
  }

  @Test func singlePrecisionIsClose() throws {
    let (summary, model) = runs.train("adding", try options(of: "adding"))
    let evaluation = runs.run(["evaluate", "--model", model, "--precision", "float", "--json"])
    let exact = try #require(summary["test_loss"]?.double)
    let loss = try #require(evaluation.json["test_loss"]?.double)
    // Float32 keeps 7 digits of each of a thousand squared errors, which are of order 1.
    #expect(loss != exact && abs(loss - exact) < 1e-5)
  }

  @Test func whatIsGivenWins() throws {
    let (_, model) = runs.train("adding", try options(of: "adding"))
    func loss(_ words: String...) -> Double? {
      runs.run(["evaluate", "--model", model, "--json"] + words).json["test_loss"]?.double
    }
    let own = try #require(loss())
    #expect(loss("--length", "12", "--seed", "7", "--test-sequences", "40") == own)
    #expect(try #require(loss("--test-sequences", "41")) != own)
    #expect(try #require(loss("--length", "30")) != own)
    #expect(try #require(loss("--seed", "8")) != own)
  }

  @Test func otherDataAreReadWithTheModelsScaling() throws {
    let (summary, model) = runs.train("series", try options(of: "series"))
    // The same series in other units: were it scaled by its own mean, the loss would be the same.
    let other = try runs.file(
      "other.csv",
      "level\n" + (0..<30).map { "\(($0 * $0 * 7) % 23 + 100)" }.joined(separator: "\n") + "\n")
    let evaluation = runs.run(["evaluate", "--model", model, "--file", other, "--json"])
    let (own, loss) = (summary["test_loss"]?.double, evaluation.json["test_loss"]?.double)
    #expect(try #require(loss) > 100 * #require(own))
  }

  @Test func otherTextIsReadWithTheModelsVocabulary() throws {
    let (_, model) = runs.train("text", try options(of: "text"))
    let other = try runs.file("other.txt", String(repeating: "ЖЗИЙ the dog", count: 9))
    let evaluation = runs.run(["evaluate", "--model", model, "--file", other, "--json"])
    #expect(evaluation.status == .done)
    #expect(try #require(evaluation.json["test_loss"]?.double).isFinite)
  }

  /// Of a model of one column too; SeriesColumnsCommandTests has several.
  @Test func anotherColumnIsSaid() throws {
    let rows = (1...60).map { "\($0),\(sin(Double($0))),\(cos(Double($0)))" }
    let file = try runs.file("d.csv", (["t,load,wind"] + rows).joined(separator: "\n") + "\n")
    let (_, model) = runs.train("series", ["--file", file, "--column", "load", "--window", "4"])
    let own = runs.run(["evaluate", "--model", model, "--file", file, "--column", "load"])
    #expect(own.status == .done && own.errors.isEmpty, "\(own.errors)")
    let other = runs.run(["evaluate", "--model", model, "--file", file, "--column", "wind"])
    #expect(other.status == .done)
    #expect(
      other.errors == [
        "unroll: warning: \(file): column 'wind' stands in the place of the model's 'load', and is scaled as that"
      ],
      "\(other.errors)")
    // A column by its place has the name that the file gives it.
    let (_, placed) = runs.train("series", ["--file", file, "--column", "2", "--window", "4"])
    #expect(runs.run(["evaluate", "--model", placed]).errors.isEmpty)
  }

  @Test func aStateDictNeedsTheTask() throws {
    let (summary, model) = runs.train("temporal-order", try options(of: "temporal-order"))
    let bare = try runs.copy(of: model, named: "bare.safetensors") { $0 = [:] }
    let without = runs.run(["evaluate", "--model", bare])
    #expect(without.status == .usage)
    #expect(
      without.errors == [
        "unroll: evaluate needs TASK: \(OptionKind.choice(TaskTable.all.map(\.name)).accepted); "
          + "or --inputs FILE"
      ])
    let with = runs.run([
      "evaluate", "temporal-order", "--model", bare, "--length", "12", "--seed", "7", "--batch",
      "2", "--json", "--threads", "1", "--test-sequences", "40",
    ])
    #expect(with.json["test_loss"] == summary["test_loss"])
  }

  @Test func anotherTaskSaysWhatItNeeds() throws {
    let (_, model) = runs.train("adding", try options(of: "adding"))
    let outcome = runs.run(["evaluate", "copy", "--model", model])
    #expect(outcome.status == .failed)
    #expect(
      outcome.errors == [
        "unroll: \(model) has 2 numbers in and 1 number out; the task 'copy' needs 10 classes in "
          + "and 9 classes out"
      ])
  }

  @Test func theFolderReplays() throws {
    let (_, model) = runs.train("series", try options(of: "series"))
    let out = runs.path("evaluation")
    let first = runs.run(["evaluate", "--model", model, "--out", out, "--json", "--holdout", "9"])
    #expect(runs.files(in: "evaluation") == ["config.json", "summary.json"])
    #expect(try JSONValue(contentsOf: out + "/summary.json") == first.json)
    let second = runs.run(["evaluate", "--config", out + "/config.json", "--json"])
    #expect(second.json == first.results)
  }

  @Test func dataThatAreGoneAreAskedFor() throws {
    let (_, model) = runs.train("series", try options(of: "series"))
    let data = runs.path("series.csv")
    let moved = try runs.file("moved.csv", try runs.text("series.csv"))
    try #require(remove(data) == 0)
    let outcome = runs.run(["evaluate", "--model", model])
    #expect(outcome.status == .failed)
    #expect(
      outcome.errors == [
        "unroll: \(model) was trained on \(data), which is not there; --file says where it is"
      ])
    #expect(runs.run(["evaluate", "--model", model, "--file", moved]).status == .done)
    let nothing = runs.path("nothing.csv")
    #expect(
      runs.run(["evaluate", "--model", model, "--file", nothing]).errors
        == ["unroll: \(nothing): no such file"])
  }

  @Test func aCheckpointIsNotAModel() throws {
    let (_, model) = runs.train("adding", try options(of: "adding"))
    let checkpoint = model.replacing("model.safetensors", with: "checkpoint.safetensors")
    let outcome = runs.run(["evaluate", "--model", checkpoint])
    #expect(outcome.status == .failed && outcome.errors.count == 1)
    #expect(outcome.errors.first?.contains("is a checkpoint, for --resume") == true)
  }

  @Test(arguments: [
    ("task", "dancing", "the metadata 'task' is 'dancing'; accepted: adding, copy"),
    ("config", "{", "the metadata 'config' is '{'; accepted: JSON with an object 'options'"),
    ("scaling", "1", "the metadata 'scaling' is '1'; accepted: {\"mean\""),
    ("vocabulary", "ba", "the metadata 'vocabulary' is 'ba'; accepted: one or more characters"),
    (
      "config", #"{"options": {"length": "long"}}"#, "'length' is a text; must be a number"
    ),
    (
      "config", #"{"options": {"batch": 0}}"#, "'batch' 0: must be a whole number from 1 to 65,536"
    ),
  ])
  func spoiltMetadataAreOneLine(key: String, value: String, expected: String) throws {
    let (_, model) = runs.train("adding", try options(of: "adding"))
    let spoilt = try runs.copy(of: model, named: "spoilt.safetensors") { $0[key] = value }
    let outcome = runs.run(["evaluate", "--model", spoilt])
    #expect(outcome.status == .failed || outcome.status == .usage)
    #expect(outcome.out.isEmpty && outcome.errors.count == 1)
    #expect(outcome.errors.first?.contains(expected) == true, "\(outcome.errors)")
  }

  @Test func anOptionOfAnotherTaskIsRefused() throws {
    let (_, model) = runs.train("series", try options(of: "series"))
    let outcome = runs.run(["evaluate", "--model", model, "--length", "5"])
    #expect(outcome.status == .usage)
    let takers = TaskTable.all.filter { $0.options.contains(.length) }.map(\.name)
    #expect(
      outcome.errors
        == [
          "unroll: --length 5: must be left out with the task series; it is for "
            + takers.joined(separator: ", ")
        ])
    let activation = runs.run(["evaluate", "--model", model, "--activation", "relu"])
    #expect(activation.status == .usage && activation.errors.count == 1)
  }

}
