import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// Checkpoints that a run cannot go on from: one line, the right status, and nothing changed.
struct BadResumeTests {
  private let workspace: Workspace
  private let checkpoint: String

  init() throws {
    workspace = try Workspace()
    checkpoint = workspace("run/checkpoint.safetensors")
  }

  /// A run of four updates to go on from.
  private func makeRun(_ extra: String...) throws {
    let outcome = workspace.run(
      [
        "train", "adding", "--length", "6", "--hidden", "3", "--batch", "2", "--steps", "4",
        "--threads", "1", "--quiet", "--out", workspace("run"),
      ] + extra)
    try #require(outcome.status == .done, "\(outcome.errors)")
  }

  private func expectRefusal(
    _ words: [String], _ status: UnrollCommandLine.ExitStatus, saying parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let files = try workspace.names.filter { $0.contains(".") }.map { try workspace.bytes($0) }
    workspace.expectRefusal(
      ["train"] + words, status, saying: parts, sourceLocation: sourceLocation)
    let after = try workspace.names.filter { $0.contains(".") }.map { try workspace.bytes($0) }
    #expect(files == after, "a file was changed", sourceLocation: sourceLocation)
  }

  @Test func otherSettingsAreRefused() throws {
    try makeRun()
    for (words, said) in [
      (["--optimizer", "sgd"], ["--optimizer sgd", "adam"]),
      (["--hidden", "4"], ["--hidden 4", "made with 3"]),
      (["--clip", "none"], ["--clip none", "norm:1"]),
      (["--window", "3"], ["--window 3", "its default"]),
      (["--window", "full", "--solve-at", "0.02"], ["--solve-at 0.02", "its default"]),
      (["--forget-bias", "none"], ["--forget-bias none", "its default"]),
      (["--precision", "double"], ["--precision double", "float"]),
      (["--seed", "2"], ["--seed 2", "made with 1"]),
      (["--schedule", "cosine"], ["--schedule cosine", "constant"]),
      (["copy"], ["TASK copy", "made with adding"]),
    ] {
      try expectRefusal(
        words + ["--resume", checkpoint, "--steps", "8"], .usage,
        saying: said + [checkpoint, "resumed under its own settings"])
    }
    // The same settings again are no other ones, however they are written.
    let outcome = workspace.run([
      "train", "adding", "--resume", checkpoint, "--hidden", "3", "--clip", "1.0", "--quiet",
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  /// Of the options whose defaults the command works out.
  @Test func defaultsInOtherWordsAreAccepted() throws {
    try makeRun()
    let before = try workspace.bytes("run/config.json")
    let outcome = workspace.run([
      "train", "adding", "--resume", checkpoint, "--window", "full", "--solve-at", "0.01",
      "--forget-bias", "1", "--regularize", "none", "--quiet",
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(try workspace.bytes("run/config.json") == before)
  }

  @Test func aSeriesDefaultsInOtherWordsAreAccepted() throws {
    let file = try workspace.file(
      "s.csv", "t,v\n" + (0..<100).map { "\($0),\(Double($0 * $0 % 17))\n" }.joined())
    let outcome = workspace.run([
      "train", "series", "--file", file, "--column", "v", "--cell", "rnn", "--hidden", "3",
      "--batch", "2", "--steps", "4", "--threads", "1", "--quiet", "--out", workspace("run"),
    ])
    try #require(outcome.status == .done, "\(outcome.errors)")
    let same = workspace.run([
      "train", "--resume", checkpoint, "--holdout", "20", "--window", "100", "--activation", "tanh",
      "--decimal", "point", "--quiet",
    ])
    #expect(same.status == .done, "\(same.errors)")
    try expectRefusal(
      ["--resume", checkpoint, "--activation", "relu"], .usage,
      saying: ["--activation relu", "its default", checkpoint])
    try expectRefusal(
      ["--resume", checkpoint, "--holdout", "21"], .failed,
      saying: ["divided into 58", "recorded 60 to train on"])
  }

  /// Its config.json would say less than was done.
  @Test func fewerUpdatesThanDoneAreRefused() throws {
    try makeRun()
    try expectRefusal(
      ["--resume", checkpoint, "--steps", "3"], .usage,
      saying: ["--steps 3", "at least 4, the updates"])
  }

  @Test func anotherHorizonOfTheCosineIsRefused() throws {
    try makeRun("--schedule", "cosine")
    try expectRefusal(
      ["--resume", checkpoint, "--steps", "8"], .usage, saying: ["--steps 8", "made with 4"])
    let outcome = workspace.run(["train", "--resume", checkpoint, "--steps", "4", "--quiet"])
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  @Test func truncatedCheckpointsAreRefused() throws {
    try makeRun()
    let bytes = try workspace.bytes("run/checkpoint.safetensors")
    for count in [0, 5, 100, bytes.count / 2, bytes.count - 1] {
      let path = try workspace.file("cut.safetensors", Array(bytes.prefix(count)))
      try expectRefusal(["--resume", path, "--steps", "8"], .failed, saying: [path])
    }
  }

  @Test func whatIsNoCheckpointIsRefused() throws {
    try makeRun()
    let model = workspace("run/model.safetensors")
    try expectRefusal(
      ["--resume", model], .usage, saying: [model, "holds a model only", "checkpoint.safetensors"])
    let config = workspace("run/config.json")
    try expectRefusal(["--resume", config], .failed, saying: [config, "not a safetensors file"])
    try expectRefusal(
      ["--resume", workspace("none")], .failed, saying: [workspace("none"), "no such file"])
    try expectRefusal(
      ["--resume", workspace.path], .usage,
      saying: ["a file, or a folder with the file checkpoint.safetensors"])
  }

  /// Well-formed files whose parts do not belong together.
  @Test func partsThatDoNotFitAreRefused() throws {
    try makeRun()
    let file = try SafetensorsFile(path: checkpoint)
    let config = try #require(file.metadata["config"])

    func expectRefusal(
      _ status: UnrollCommandLine.ExitStatus, saying parts: [String],
      _ change: (inout SafetensorsWriter) -> Void, dropping dropped: String = "",
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      var writer = SafetensorsWriter(requireFinite: false)
      writer.metadata = file.metadata
      for tensor in file.tensors where tensor.name != dropped {
        if tensor.name == "progress" {
          writer.append(
            "progress", shape: tensor.shape, bitPatterns: try file.bitPatterns("progress"))
        } else {
          writer.append(tensor.name, shape: tensor.shape, try file.doubles(tensor.name))
        }
      }
      change(&writer)
      let path = workspace("changed.safetensors")
      try writer.write(to: path)
      try self.expectRefusal(
        ["--resume", path, "--steps", "8"], status, saying: parts, sourceLocation: sourceLocation)
    }
    func withConfig(_ old: String, _ new: String) -> (inout SafetensorsWriter) -> Void {
      { $0.metadata["config"] = config.replacing(old, with: new) }
    }

    try expectRefusal(
      .failed, saying: ["'parameters/weight_ih_l0'", "[12, 2]", "[16, 2]"],
      withConfig(#""hidden": 3"#, #""hidden": 4"#))
    // Settings that would take all memory are held against the weights first.
    try expectRefusal(
      .failed, saying: ["no tensor 'parameters/weight_ih_l1'"],
      withConfig(#""layers": 1"#, #""layers": 64"#))
    try expectRefusal(
      .failed, saying: ["'state/0'", "[2, 3]", "[65536, 3]"],
      withConfig(#""batch": 2"#, #""batch": 65536"#))
    try expectRefusal(
      .failed, saying: ["optimizer", "'adam'", "'momentum'"],
      withConfig(#""optimizer": "adam""#, #""optimizer": "momentum""#))
    try expectRefusal(
      .usage, saying: ["'hidden' 0", "1 to 65,536"], withConfig(#""hidden": 3"#, #""hidden": 0"#))
    try expectRefusal(
      .failed, saying: ["precision", "'float'", "'double'"],
      withConfig(#""precision": "float""#, #""precision": "double""#))
    try expectRefusal(.failed, saying: ["not valid JSON"], { $0.metadata["config"] = "{" })
    try expectRefusal(
      .failed, saying: ["no tensor 'optimizer/mean'"], { _ in }, dropping: "optimizer/mean")
    try expectRefusal(
      .failed, saying: ["no tensor 'progress'"], { _ in }, dropping: "progress")
    try expectRefusal(
      .failed, saying: ["'progress' has the shape [1]"],
      { $0.append("progress", shape: [1], bitPatterns: [0]) }, dropping: "progress")
    try expectRefusal(
      .failed, saying: ["a checkpoint of layout '1'", "accepted is layout 2"],
      { $0.metadata["unroll_checkpoint"] = "1" })
    let impossible = [Double](repeating: -1, count: 19).map(\.bitPattern)
    try expectRefusal(
      .failed, saying: ["progress", "'-1.0'", "a whole number from 0 to 10¹²"],
      { $0.append("progress", shape: [19], bitPatterns: impossible) }, dropping: "progress")
    // Clipped, non-finite, to solve, the best and the last evaluation: of four updates.
    let progress = try file.bitPatterns("progress")
    for (place, name) in [
      (3, "clipped updates 5"), (4, "non-finite updates 5"), (9, "updates to solve 5"),
      (10, "best evaluation after 5"), (13, "last evaluation after 5"),
    ] {
      var changed = progress
      changed[place] = Double(5).bitPattern
      try expectRefusal(
        .failed, saying: ["progress", name, "0 to 4, its updates"],
        { $0.append("progress", shape: [19], bitPatterns: changed) }, dropping: "progress")
    }
  }
}
