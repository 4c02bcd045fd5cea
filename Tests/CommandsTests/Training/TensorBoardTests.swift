import Foundation
import Testing
import UnrollFigures
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommands

/// What `--tensorboard` records. The tests of the Python package have TensorBoard itself read it.
struct TensorBoardTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private static let small = [
    "--length", "5", "--hidden", "3", "--batch", "2", "--threads", "1", "--eval-every", "5",
    "--validation-sequences", "4", "--test-sequences", "4", "--quiet",
  ]

  @discardableResult
  private func train(_ words: String...) -> TemporaryRuns.Outcome {
    let outcome = runs.run(
      ["train", "adding", "--json"] + Self.small + words + ["--out", runs.path("run")])
    #expect(outcome.status == .done, "\(outcome.errors)")
    return outcome
  }

  private func resume(_ words: String...) -> TemporaryRuns.Outcome {
    runs.run(
      ["train", "--resume", runs.path("run/checkpoint.safetensors"), "--quiet", "--json"] + words)
  }

  private func files(in folder: String = "run") -> [String] {
    (runs.files(in: folder) ?? []).filter { $0.hasPrefix(EventLog.prefix) }
  }

  /// What all files of a folder have together.
  private func values(in folder: String = "run") throws -> [EventRecords.Value] {
    EventRecords.joined(
      try files(in: folder).sorted().map { name in
        let records = try EventRecords(path: runs.path("\(folder)/\(name)"))
        #expect(records.version == "brain.Event:2" && records.rest == 0)
        return records
      })
  }

  private func scalars(_ tag: String, _ values: [EventRecords.Value]) -> [Int: Float] {
    Dictionary(
      values.filter { $0.tag == tag }.map { ($0.step, $0.scalar ?? .nan) },
      uniquingKeysWith: { one, _ in
        Issue.record("\(tag) has a step twice")
        return one
      })
  }

  @Test func scalarsAreThoseOfTheLog() throws {
    let outcome = train("--steps", "12", "--watch-decay", "4", "--tensorboard")
    let values = try values()
    let table = try CSVTable(path: runs.path("run/metrics.csv"))
    for (tag, column) in [
      ("loss/train", "loss"), ("gradient/norm", "gradient_norm"), ("gradient/clipped", "clipped"),
      ("learning_rate", "learning_rate"),
    ] {
      let expected = try table.column(named: column).enumerated().map { ($0 + 1, Float($1)) }
      #expect(scalars(tag, values) == Dictionary(uniqueKeysWithValues: expected), "\(tag)")
    }
    #expect(scalars("loss/validation", values).keys.sorted() == [5, 10, 12])
    #expect(
      scalars("loss/test", values) == [12: Float(outcome.json["test_loss"]?.double ?? .nan)])
    let start = outcome.json["gradient_decay"]?["start"]?["rate"]?.double
    #expect(scalars("decay/rate", values)[0] == start.map { Float($0) })
    #expect(scalars("decay/rate", values).keys.sorted() == [0, 4, 8, 12])
  }

  @Test func histogramsCountWeightsAndGradients() throws {
    train("--steps", "10", "--tensorboard")
    let values = try values()
    let model = try SafetensorsFile(path: runs.path("run/model.safetensors"))
    for tensor in model.tensors {
      let weights = try model.doubles(tensor.name)
      for kind in ["weights", "gradients"] {
        let found = values.filter { $0.tag == "\(kind)/\(tensor.name)" }
        #expect(found.map(\.step) == [5, 10])
        #expect(found.last?.fields.message(5)?.double(3) == Double(weights.count))
      }
      let last = values.last { $0.tag == "weights/\(tensor.name)" }?.fields.message(5)
      #expect(last?.double(1) == weights.min() && last?.double(2) == weights.max())
    }
    // The gradient is that of the update, after clipping.
    let squares = values.filter { $0.tag.hasPrefix("gradients/") && $0.step == 10 }
      .reduce(0) { $0 + ($1.fields.message(5)?.double(5) ?? 0) }
    let norm = Double(scalars("gradient/norm", values)[10] ?? .nan)
    // Float32 sums over some hundred elements.
    #expect(abs(squares.squareRoot() - min(norm, 1)) < 1e-5)
  }

  /// The gradient is recorded before the evaluation, which may be broken off and is then taken again.
  @Test func aGradientIsThereBeforeItsEvaluation() throws {
    train("--steps", "10", "--tensorboard")
    let values = try values()
    for step in [5, 10] {
      let tags = values.filter { $0.step == step }.map(\.tag)
      let gradient = try #require(tags.firstIndex { $0.hasPrefix("gradients/") })
      let evaluation = try #require(tags.firstIndex(of: "loss/validation"))
      #expect(gradient < evaluation)
      #expect(tags.count { $0 == "gradients/head.bias" } == 1)
    }
  }

  @Test func withoutTheFlagThereIsNoFile() {
    train("--steps", "5")
    #expect(files().isEmpty)
  }

  @Test func aRunThatGoesOnHasEveryStepOnce() throws {
    train("--steps", "7", "--watch-decay", "4", "--tensorboard")
    #expect(resume("--steps", "12").status == .done)
    #expect(files().count == 2)
    var before = try values()
    for (tag, steps) in [
      ("loss/train", Array(1...12)), ("loss/validation", [5, 7, 10, 12]), ("loss/test", [7, 12]),
      ("decay/rate", [0, 4, 8, 12]),
    ] {
      #expect(scalars(tag, before).keys.sorted() == steps, "\(tag)")
    }
    // With nothing left to do, nothing more is recorded.
    #expect(resume("--steps", "12").status == .done)
    #expect(try values() == before && files().count == 2)
    // From the checkpoint on, also where an earlier try went further.
    let checkpoint = try Data(contentsOf: URL(filePath: runs.path("run/checkpoint.safetensors")))
    let metrics = try runs.text("run/metrics.csv")
    let curves = try runs.text("run/decay-over-training.csv")
    #expect(resume("--steps", "20").status == .done)
    try checkpoint.write(to: URL(filePath: runs.path("run/checkpoint.safetensors")))
    _ = try runs.file("run/metrics.csv", metrics)
    _ = try runs.file("run/decay-over-training.csv", curves)
    #expect(resume("--steps", "15").status == .done)
    #expect(scalars("loss/train", try values()).keys.sorted() == Array(1...15))
    before = try values()
    // To another folder, the files so far come along.
    #expect(resume("--steps", "18", "--out", runs.path("other")).status == .done)
    #expect(scalars("loss/train", try values(in: "other")).keys.sorted() == Array(1...18))
    #expect(try values() == before)
  }

  /// Also without test data, which are a reason of their own to save the end.
  @Test func theEndIsRecordedOnce() throws {
    _ = try #require(Gnuplot())
    let file = try runs.arraysFile { $0.append("y", shape: [5, 1], [1, 2, 3, 4, 5] as [Double]) }
    let outcome = runs.run([
      "train", "arrays", "--inputs", file, "--steps", "6", "--hidden", "3", "--batch", "2",
      "--threads", "1", "--watch-decay", "3", "--tensorboard", "--quiet", "--out", runs.path("run"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    let before = try values()
    #expect(before.filter { $0.tag == "decay/heat_map" }.map(\.step) == [6])
    for _ in 1...2 {
      #expect(resume("--steps", "6").status == .done)
      #expect(try values() == before && files().count == 1)
    }
  }

  /// An earlier try went further, and nothing is left to do up to the checkpoint.
  @Test func whatIsBeyondTheCheckpointIsVoid() throws {
    train("--steps", "12", "--tensorboard")
    let path = URL(filePath: runs.path("run/checkpoint.safetensors"))
    let (checkpoint, before) = (try Data(contentsOf: path), try values())
    #expect(resume("--steps", "20").status == .done)
    try checkpoint.write(to: path)
    #expect(resume("--steps", "12").status == .done)
    #expect(try values() == before)
  }

  /// What another branch of the run has left in a folder is gone.
  @Test func branchesAreNotMixed() throws {
    train("--steps", "8", "--tensorboard")
    #expect(resume("--steps", "10", "--out", runs.path("other")).status == .done)
    #expect(scalars("loss/train", try values(in: "other")).keys.sorted() == Array(1...10))
    #expect(resume("--steps", "12").status == .done)
    let before = try values()
    #expect(resume("--steps", "14", "--out", runs.path("other")).status == .done)
    let after = try values(in: "other")
    #expect(after.filter { $0.step <= 12 } == before)
    #expect(scalars("loss/train", after).keys.sorted() == Array(1...14))
    #expect(scalars("loss/test", after).keys.sorted() == [8, 12, 14])
    #expect(files(in: "other").count == files().count + 1)
  }

  @Test func aRunCanBeginToRecordWhenItGoesOn() throws {
    train("--steps", "5")
    #expect(resume("--steps", "8", "--tensorboard").status == .done)
    #expect(scalars("loss/train", try values()).keys.sorted() == [6, 7, 8])
    #expect(resume("--steps", "9").status == .done)
    #expect(scalars("loss/train", try values()).keys.sorted() == [6, 7, 8, 9])
  }

  @Test func anotherRunInTheFolderSetsTheFilesAside() throws {
    train("--steps", "5", "--tensorboard")
    let first = files()
    train("--steps", "6", "--tensorboard")
    #expect(files().count == 1)
    #expect(scalars("loss/train", try values()).count == 6)
    let aside = try #require(runs.files(in: "run")?.first { $0.hasPrefix("earlier-") })
    #expect(files(in: "run/\(aside)") == first)
    #expect(scalars("loss/train", try values(in: "run/\(aside)")).count == 5)
  }

  @Test func theHeatMapIsThere() throws {
    _ = try #require(Gnuplot())
    train("--steps", "8", "--watch-decay", "4", "--tensorboard")
    let path = runs.path("run/decay-over-training.png")
    let pictures = try values().filter { $0.tag == "decay/heat_map" }
    #expect(pictures.map(\.step) == [8])
    let content = pictures.first?.fields.message(4)?.bytes(4).map { Data($0) }
    #expect(content == (try Data(contentsOf: URL(filePath: path))))
  }

  @Test func aSweepRecordsSettingsAndResults() throws {
    let words =
      [
        "sweep", "adding", "--steps", "6", "--vary", "cell=rnn,lstm", "--vary",
        "learning-rate=1e-3,0.01", "--seeds", "2", "--out", runs.path("s"),
      ] + Self.small
    #expect(runs.run(words + ["--tensorboard"]).status == .done)
    let table = try CSVTable(path: runs.path("s/runs.csv"))
    let (names, cells) = (try table.texts(inColumn: "run"), try table.texts(inColumn: "cell"))
    let rates = try table.column(named: "learning-rate")
    let losses = try table.column(named: "test_loss")
    var groups: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      let values = try values(in: "s/runs/\(name)")
      #expect(scalars("loss/train", values).keys.sorted() == Array(1...6))
      #expect(scalars("results/test_loss", values) == [6: Float(losses[index])])
      let results = values.filter { $0.tag.hasPrefix("results/") }
      #expect(results.count > 5)
      for result in results {
        // How the run ended is text in the table.
        let column = String(result.tag.dropFirst("results/".count))
        let outcomes = try table.texts(inColumn: "outcome")
        let value =
          ["solved", "diverged"].contains(column)
          ? (outcomes[index] == column ? 1 : 0) : try table.column(named: column)[index]
        #expect(result.scalar == Float(value), "\(column)")
      }
      let start = try plugin(EventValue.sessionStartTag, values).message(3)
      let settings = (start?.messages(1) ?? []).map { ($0.text(1), $0.message(2)) }
      #expect(settings.map(\.0) == ["cell", "learning-rate"])
      #expect(settings[0].1?.text(3) == cells[index])
      #expect(settings[1].1?.double(2) == rates[index])
      groups[start?.text(4) ?? "", default: 0] += 1
      #expect(try plugin(EventValue.sessionEndTag, values).message(4)?.integer(1) == 1)
      let infos = try plugin(EventValue.comparisonTag, values).message(2)?.messages(4) ?? []
      #expect(infos.map { $0.text(1) } == ["cell", "learning-rate"])
      // STRING and FLOAT64, with as many values as were given.
      #expect(infos.map { $0.integer(4) } == [1, 3])
      #expect(infos.map { $0.message(5)?.messages(1).count } == [2, 2])
    }
    #expect(groups.count == 4 && groups.values.allSatisfy { $0 == 2 })
    // The names of runs do not depend on the flag, and runs that are there are not made again.
    #expect(runs.run(words).status == .done)
    #expect(try CSVTable(path: runs.path("s/runs.csv")).texts(inColumn: "run") == names)
    #expect(try values(in: "s/runs/\(names[0])").count > 6)
  }

  /// The data of the plugin hparams.
  private func plugin(_ tag: String, _ values: [EventRecords.Value]) throws -> ProtobufFields {
    let found = values.filter { $0.tag == tag }
    try #require(found.count == 1)
    let plugin = try #require(found[0].fields.message(9)?.message(1))
    #expect(plugin.text(1) == "hparams")
    return try #require(plugin.message(2))
  }

  @Test func aRunMadeAgainHasOneFile() throws {
    let words =
      ["sweep", "adding", "--steps", "6", "--vary", "cell=rnn", "--seeds", "1"] + Self.small
    #expect(runs.run(words + ["--tensorboard", "--out", runs.path("s")]).status == .done)
    let name = try CSVTable(path: runs.path("s/runs.csv")).texts(inColumn: "run")[0]
    // As after an interruption: files of the run, but no row.
    let header = try runs.text("s/runs.csv").split(separator: "\n")[0]
    _ = try runs.file("s/runs.csv", header + "\n")
    #expect(runs.run(words + ["--tensorboard", "--out", runs.path("s")]).status == .done)
    #expect(files(in: "s/runs/\(name)").count == 1)
    #expect(scalars("loss/train", try values(in: "s/runs/\(name)")).count == 6)
    // Made without the flag, it leaves no record of the try before.
    _ = try runs.file("s/runs.csv", header + "\n")
    #expect(runs.run(words + ["--out", runs.path("s")]).status == .done)
    #expect(files(in: "s/runs/\(name)").isEmpty)
    // It is varied by nobody.
    let outcome = runs.run([
      "sweep", "adding", "--vary", "tensorboard=true", "--out", runs.path("t"),
    ])
    #expect(outcome.status == .usage && outcome.errors.count == 1)
  }
}
