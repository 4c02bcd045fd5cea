import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// A run goes on with the data it began with, known by their content.
struct DataIdentityTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let text = String(repeating: "the cat sat on the mat. ", count: 20)
  private static let series =
    "day,load\n" + (0..<60).map { "\($0),\(($0 * $0 * 7) % 23)\n" }.joined()

  /// Trains on `t.txt` or `s.csv` into `run`.
  private func train(_ task: String) throws {
    let data =
      task == "text"
      ? ["--file", try workspace.file("t.txt", Self.text)]
      : ["--file", try workspace.file("s.csv", Self.series), "--column", "load"]
    let outcome = workspace.run(
      [
        "train", task, "--hidden", "3", "--batch", "1", "--window", "10", "--steps", "20",
        "--eval-every", "10", "--threads", "1", "--quiet", "--out", workspace("run"),
      ] + data)
    try #require(outcome.status == .done, "\(outcome.errors)")
  }

  private var resumed: [String] {
    ["train", "--resume", workspace("run/checkpoint.safetensors"), "--steps", "30", "--quiet"]
  }

  private func metadata(_ name: String) throws -> [String: String] {
    try SafetensorsFile(path: workspace("run/\(name).safetensors")).metadata
  }

  @Test func theFilesAreOnRecord() throws {
    try train("text")
    let config = try JSONValue(contentsOf: workspace("run/config.json"))
    let file = try #require(InputFile.list(in: config).first)
    #expect(file.option == "file" && file.path == workspace("t.txt"))
    #expect(file.fingerprint == (try FileFingerprint(path: workspace("t.txt"))))
    for name in ["checkpoint", "model", "best"] {
      let metadata = try metadata(name)
      #expect(metadata["split"] == #"{"count": 480, "training": 432, "validation": 24}"#)
      #expect(metadata["vocabulary"] == " .acehmnost")
      #expect(metadata["config"]?.contains(file.fingerprint.sha256) == true)
    }
  }

  /// The same number of bytes, or more: only the hash knows.
  @Test(arguments: ["text", "series"]) func changedDataAreRefused(task: String) throws {
    try train(task)
    let name = task == "text" ? "t.txt" : "s.csv"
    let recorded = try FileFingerprint(path: workspace(name)).description
    let changed =
      task == "text" ? Self.text.replacing("cat", with: "dog") : Self.series + "60,900\n"
    _ = try workspace.file(name, changed)
    let found = try FileFingerprint(path: workspace(name)).description
    workspace.expectRefusal(
      resumed, .failed, saying: [name, recorded, found, "--accept-changed-data"])
    workspace.expectRefusal(
      resumed + ["--file", workspace(name)], .failed, saying: [recorded, found])
  }

  @Test func acceptedTextKeepsVocabularyAndSplit() throws {
    try train("text")
    let before = try metadata("checkpoint")
    _ = try workspace.file("t.txt", Self.text + String(repeating: "zebra xylophone ", count: 40))
    let outcome = workspace.run(resumed + ["--accept-changed-data"])
    #expect(outcome.status == .done)
    #expect(outcome.errors.count == 1 && outcome.errors[0].contains("own vocabulary"))
    for name in ["checkpoint", "model", "best"] {
      #expect(try metadata(name)["vocabulary"] == before["vocabulary"])
      #expect(try metadata(name)["split"] == before["split"])
    }
    // What was appended is not used: the run ends as on the text it began with.
    let weights = try workspace.metrics("run")
    try FileManager.default.removeItem(atPath: workspace("run"))
    try train("text")
    #expect(workspace.run(resumed).status == .done)
    #expect(try workspace.metrics("run") == weights)
  }

  @Test func acceptedSeriesKeepsScalingAndSplit() throws {
    try train("series")
    let before = try metadata("checkpoint")
    _ = try workspace.file("s.csv", Self.series + "60,90000\n61,80000\n")
    #expect(workspace.run(resumed + ["--accept-changed-data"]).status == .done)
    #expect(try metadata("model")["scaling"] == before["scaling"])
    #expect(try metadata("model")["split"] == before["split"])
    let config = try JSONValue(contentsOf: workspace("run/config.json"))
    #expect(config["resumed"]?.array?.first?["before"]?["data.file"] != nil)
    _ = try workspace.file("s.csv", String(Self.series.prefix(200)))
    workspace.expectRefusal(
      resumed + ["--accept-changed-data"], .failed, saying: ["s.csv has", "recorded 60"])
  }

  @Test func acceptedArraysKeepTheirSequences() throws {
    func write(_ count: Int) throws {
      var writer = SafetensorsWriter(requireFinite: true)
      // Time-major: sequence n has the same numbers whatever N is.
      var (inputs, targets): ([Double], [Double]) = ([], [])
      for step in 0..<3 {
        for sequence in 0..<count { inputs.append(Double(step * 7 + sequence * 3 % 5) / 10) }
      }
      for sequence in 0..<count { targets.append(Double(sequence % 5) / 5) }
      writer.append("x", shape: [3, count, 1], inputs)
      writer.append("y", shape: [count, 1], targets)
      try writer.write(to: workspace("a.safetensors"))
    }
    func run(growing: Bool) throws -> [[String]] {
      try write(6)
      let words = [
        "train", "arrays", "--inputs", workspace("a.safetensors"), "--hidden", "3", "--batch", "2",
        "--steps", "20", "--eval-every", "10", "--shuffle", "--quiet", "--threads", "1", "--out",
        workspace("run"),
      ]
      #expect(workspace.run(words).status == .done)
      if growing { try write(9) }
      #expect(workspace.run(resumed + (growing ? ["--accept-changed-data"] : [])).status == .done)
      let rows = try workspace.metrics("run")
      try FileManager.default.removeItem(atPath: workspace("run"))
      return rows
    }
    #expect(try run(growing: true) == run(growing: false))
  }

  /// Weights chosen on other data are measured again on those now, so that they can be beaten.
  @Test func theBestIsMeasuredAgainOnAcceptedData() throws {
    func write(_ scale: Double) throws {
      var writer = SafetensorsWriter(requireFinite: true)
      writer.append("x", shape: [3, 6, 1], (0..<18).map { Double($0 * 7 % 5) / 5 })
      writer.append("y", shape: [6, 1], (0..<6).map { scale * Double($0) })
      try writer.write(to: workspace("a.safetensors"))
    }
    try write(0.1)
    let outcome = workspace.run([
      "train", "arrays", "--inputs", workspace("a.safetensors"), "--validation", "2", "--hidden",
      "3", "--batch", "2", "--steps", "20", "--eval-every", "10", "--quiet", "--threads", "1",
      "--out", workspace("run"),
    ])
    try #require(outcome.status == .done, "\(outcome.errors)")
    func summary() throws -> JSONValue {
      try JSONValue(contentsOf: workspace("run/summary.json"))
    }
    let before = try #require(try summary()["best_validation_loss"]?.double)
    try write(100)
    let resumed = workspace.run([
      "train", "--resume", workspace("run/checkpoint.safetensors"), "--steps", "21",
      "--accept-changed-data",
    ])
    #expect(resumed.status == .done, "\(resumed.errors)")
    #expect(resumed.errors.contains { $0.contains("have the validation loss") })
    let best = try #require(try summary()["best_validation_loss"]?.double)
    // Targets of 400 and 500 in place of 0.4 and 0.5.
    #expect(before < 1 && best > 1e5)
    let check = workspace.run([
      "evaluate", "--model", workspace("run/best.safetensors"), "--inputs",
      workspace("a.safetensors"), "--test", "2", "--precision", "float", "--threads", "1",
      "--json",
    ])
    let measured = try JSONValue(parsing: Data(check.output.utf8))["test_loss"]?.double
    // Float32, summed in another order.
    #expect(abs(try #require(measured) / best - 1) < 1e-5, "\(check.errors)")

    let change = try #require(try summary()["changed_settings"]?.array?.first)
    #expect(change["name"] == "data.inputs" && change["after"] == 20)
    let found = try FileFingerprint(path: workspace("a.safetensors"))
    #expect(change["now"]?["sha256"]?.string == found.sha256)
    #expect(change["before"]?["sha256"] != change["now"]?["sha256"])
    let lines = resumed.output.split(separator: "\n").filter { $0.contains("  changed") }
    #expect(lines.count == 1, "\(resumed.output)")
    // The line may be broken anywhere.
    let words = resumed.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let sentence = "changed data.inputs a.safetensors, \(found) from update 21 on"
    #expect(words.contains(sentence), "\(words)")
  }

  /// Under another reading than the run's own, changed data would not be the run's.
  @Test func anotherReadingOfChangedDataIsRefused() throws {
    try train("series")
    _ = try workspace.file(
      "s.csv", "day;load\n" + (0..<70).map { "\($0);\($0 % 9),5\n" }.joined())
    let words = resumed + ["--accept-changed-data"]
    for (option, value) in [("--decimal", "comma"), ("--holdout", "3")] {
      workspace.expectRefusal(
        words + [option, value], .usage, saying: ["\(option) \(value)", "its default"])
    }
  }

  @Test func movedDataAreKnownByTheirContent() throws {
    try train("series")
    try FileManager.default.moveItem(atPath: workspace("s.csv"), toPath: workspace("moved.csv"))
    workspace.expectRefusal(
      resumed, .failed, saying: ["s.csv", "which is not there; --file says where it is"])
    #expect(workspace.run(resumed + ["--file", workspace("moved.csv")]).status == .done)
    // From now on it is there.
    #expect(workspace.run(resumed).status == .done)
  }

  /// A path in a model's file is opened only where its content is what the file says.
  @Test(arguments: ["evaluate", "decay"]) func aModelReadsItsOwnDataAlone(command: String) throws {
    try train("text")
    let words =
      [command, "--model", workspace("run/model.safetensors")]
      + (command == "decay" ? ["--out", workspace("decay"), "--length", "10", "--quiet"] : [])
    _ = try workspace.file("t.txt", Self.text + "more")
    workspace.expectRefusal(words, .failed, saying: ["t.txt is not what", "recorded", "--file"])
    #expect(workspace.run(words + ["--file", workspace("t.txt")]).status == .done)
    try FileManager.default.removeItem(atPath: workspace("t.txt"))
    workspace.expectRefusal(
      [command, "--model", workspace("run/model.safetensors")], .failed,
      saying: ["which is not there"])
  }

  @Test func aPathWithoutAHashIsNotOpened() throws {
    let runs = try TemporaryRuns()
    let (_, model) = runs.train("text", ["--file", try runs.textFile(), "--window", "4"])
    let bare = try runs.copy(of: model, named: "bare.safetensors") { metadata in
      metadata["config"] = metadata["config"]?.replacing("\"data\"", with: "\"nothing\"")
    }
    let outcome = runs.run(["evaluate", "--model", bare])
    #expect(outcome.status == .failed && outcome.errors.count == 1)
    #expect(outcome.errors[0].contains("without its size and hash"))
    #expect(
      runs.run(["evaluate", "--model", bare, "--file", runs.path("book.txt")]).status == .done)
  }

  /// Relative paths are recorded from the root.
  @Test func aConfigWorksFromAnyFolder() throws {
    _ = try workspace.file("t.txt", Self.text)
    try FileManager.default.createDirectory(
      atPath: workspace("elsewhere"), withIntermediateDirectories: true)
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("unroll").path
    let sizes = "--hidden 3 --batch 1 --window 10 --steps 10 --eval-every 5 --quiet"
    let script = """
      cd '\(workspace.path)' && '\(program)' train text --file ./t.txt \(sizes) --out run \
      && cd elsewhere && '\(program)' train --config ../run/config.json --out again --quiet \
      && '\(program)' train --resume ../run/checkpoint.safetensors --steps 20 --quiet \
      && '\(program)' evaluate --model ../run/model.safetensors
      """
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", script]
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    let config = try JSONValue(contentsOf: workspace("run/config.json"))
    #expect(config["options"]?["file"]?.string?.hasPrefix("/") == true)
    #expect(config["data"]?["file"]?["given"]?.string?.hasSuffix("t.txt") == true)
  }

  @Test func aReplayOnOtherDataSaysSo() throws {
    try train("text")
    _ = try workspace.file("t.txt", Self.text + "more")
    let outcome = workspace.run([
      "train", "--config", workspace("run/config.json"), "--out", workspace("again"), "--quiet",
    ])
    #expect(outcome.status == .done)
    #expect(outcome.errors.contains { $0.contains("has changed since") })
  }

  /// What was appended is no part of a forecast either, and config.json is of more than one run.
  @Test func aRunOnAcceptedDataForecastsFromItsOwnEnd() throws {
    func rows(_ count: Int) -> String {
      "i,load\n" + (0..<count).map { "\($0),\(($0 * 7) % 5)\n" }.joined()
    }
    let path = try workspace.file("s.csv", rows(60))
    let outcome = workspace.run([
      "train", "series", "--file", path, "--column", "load", "--hidden", "3", "--batch", "1",
      "--window", "10", "--steps", "4", "--quiet", "--out", workspace("run"),
    ])
    try #require(outcome.status == .done, "\(outcome.errors)")
    _ = try workspace.file("s.csv", rows(70))
    let resumed = workspace.run([
      "train", "--resume", workspace("run/checkpoint.safetensors"), "--steps", "6", "--quiet",
      "--accept-changed-data",
    ])
    try #require(resumed.status == .done, "\(resumed.errors)")
    let forecast = workspace.run([
      "predict", "--model", workspace("run/model.safetensors"), "--horizon", "2", "--json", "--out",
      workspace("forecast"),
    ])
    #expect(forecast.status == .done, "\(forecast.errors)")
    let table = try CSVTable(path: workspace("forecast/predict.csv"))
    #expect(table.rows.count == 62 && table.rows.suffix(2).map { $0[0] } == ["60", "61"])

    let again = workspace.run([
      "train", "--config", workspace("run/config.json"), "--quiet", "--out", workspace("again"),
    ])
    #expect(again.status == .done)
    #expect(
      again.errors.contains { $0.contains("resumed under other settings or data") },
      "\(again.errors)")
  }

  /// What would be set aside is not read.
  @Test func dataInTheOutputFolderAreRefused() throws {
    try train("text")
    let path = try workspace.file("run/data.csv", Self.series)
    workspace.expectRefusal(
      [
        "train", "series", "--file", path, "--column", "load", "--batch", "1", "--window", "10",
        "--out",
        workspace("run"),
      ], .usage,
      saying: ["--out", "data.csv is one that this run reads"])
  }
}
