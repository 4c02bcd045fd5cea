import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// How data files are read, from the command line to the files of a run.
struct DataReadingTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func rows(_ count: Int, _ row: (Int) -> String) -> String {
    (0..<count).map { row($0) + "\n" }.joined()
  }

  private func train(_ file: String, _ words: [String] = []) -> TemporaryRuns.Outcome {
    runs.run(
      [
        "train", "series", "--file", file, "--hidden", "3", "--batch", "1", "--window", "5",
        "--steps",
        "2", "--threads", "1", "--quiet", "--out", runs.path("run"),
      ] + words)
  }

  /// Training, evaluation and forecast read a file alike, and say alike what they made of it.
  @Test func aModelReadsItsFileAsItsTrainingDid() throws {
    let file = try runs.file(
      "s.csv", rows(30) { "2024-01-\(String(format: "%02d", 30 - $0));1.\(100 + $0),5" })
    let refused = train(file, ["--column", "2", "--no-header"])
    #expect(refused.status == .failed && refused.errors[0].contains("--decimal comma"))
    let options = ["--column", "2", "--no-header", "--decimal", "comma"]
    let trained = train(file, options)
    #expect(trained.status == .done)
    #expect(trained.errors.filter { $0.contains("descends from '2024-01-30'") }.count == 1)
    let model = runs.path("run/model.safetensors")
    let evaluated = runs.run(["evaluate", "--model", model, "--json"])
    #expect(evaluated.status == .done && evaluated.errors.contains { $0.contains("descends") })
    let predicted = runs.run([
      "predict", "--model", model, "--horizon", "3", "--json", "--out", runs.path("out"),
    ])
    #expect(predicted.json["places"] == ["2024-01-31", "2024-02-01", "2024-02-02"])
    #expect(predicted.json["index"] == "1" && predicted.json["column"] == "2")
    let table = try CSVTable(path: runs.path("out/predict.csv"))
    #expect(table.rows[0][0] == "2024-01-01" && table.rows[0][1] == "1129.5")
    #expect(table.rows.last?[0] == "2024-02-02")
    let config = try JSONValue(contentsOf: runs.path("run/config.json"))["options"]
    #expect(config?["decimal"] == "comma" && config?["no-header"] == true)
  }

  @Test func missingValuesAreRefusedUnlessAskedFor() throws {
    let file = try runs.file(
      "s.csv", "t,v\n" + rows(40) { "\($0),\([5, 9].contains($0) ? "?" : "\($0 % 7)")" })
    let refused = train(file, ["--column", "v"])
    #expect(refused.status == .failed)
    #expect(
      refused.errors[0].contains(
        "s.csv, line 7: '?' in column 'v' is a missing value, the first of 2"))
    for policy in ["previous", "interpolate", "mask"] {
      let outcome = train(file, ["--column", "v", "--missing", policy])
      #expect(outcome.status == .done)
      #expect(outcome.errors.contains { $0.contains("2 of 40 values of column 'v' are missing") })
    }
    let masked = runs.run([
      "predict", "--model", runs.path("run/model.safetensors"), "--out", runs.path("out"),
    ])
    #expect(masked.status == .done)
    #expect(try CSVTable(path: runs.path("out/predict.csv")).rows[5][1] == "")
  }

  @Test func arraysMaskMissingTargetsAndTakeNoOtherPolicy() throws {
    var writer = SafetensorsWriter(requireFinite: false)
    writer.append("x", shape: [2, 3, 1], [0, 1, 2, 3, 4, 5] as [Double])
    writer.append("y", shape: [3, 1], [0, .nan, 2] as [Double])
    try writer.write(to: runs.path("a.safetensors"))
    let train = ["train", "arrays", "--batch", "3", "--steps", "1", "--quiet"]
    #expect(
      runs.run(train + ["--inputs", runs.path("a.safetensors")]).errors[0].contains(
        "at 1; --missing mask leaves out targets of NaN"))
    let words = [
      "--inputs", runs.path("a.safetensors"), "--hidden", "2", "--out", runs.path("out"),
    ]
    #expect(runs.run(train + words + ["--missing", "mask"]).status == .done)
    let other = runs.run(train + words + ["--missing", "previous"])
    #expect(
      other.status == .usage
        && other.errors[0].contains("--missing previous: the task 'arrays' accepts refuse, mask"))
    #expect(
      runs.run([
        "decay", "--missing", "mask", "--inputs", runs.path("a.safetensors"), "--hidden", "2",
        "--out", runs.path("decay"),
      ]).status == .done)
  }

  /// Missing targets of the files for validation and test are treated as those that are trained on.
  @Test(arguments: ["--validation", "--test"])
  func filesOfPartsMaskMissingTargets(part: String) throws {
    func file(_ name: String, _ targets: [Double]) throws -> String {
      var writer = SafetensorsWriter(requireFinite: false)
      writer.append("x", shape: [2, 3, 1], [0, 1, 2, 3, 4, 5] as [Double])
      writer.append("y", shape: [3, 1], targets)
      try writer.write(to: runs.path(name))
      return runs.path(name)
    }
    let words = [
      "train", "arrays", "--batch", "3", "--steps", "1", "--quiet", "--json", "--inputs",
      try file("a.safetensors", [0, 1, 2]), part, try file("b.safetensors", [0, .nan, 2]),
    ]
    let refused = runs.run(words)
    #expect(refused.status == .failed)
    #expect(
      refused.errors[0].contains(
        "b.safetensors: tensor 'y' has an element that is not a finite number, at 1; --missing mask"
      ))
    let masked = runs.run(words + ["--missing", "mask", "--out", runs.path("masked")])
    #expect(masked.status == .done)
    let evaluated = runs.run([
      "evaluate", "--model", runs.path("masked/model.safetensors"), "--inputs",
      runs.path("b.safetensors"), "--missing", "mask", "--json",
    ])
    let key = part == "--test" ? "test_loss" : "validation_loss"
    #expect(
      try abs(
        #require(masked.json[key]?.double) / #require(evaluated.json["test_loss"]?.double) - 1)
        // The one in Float32, the other in Float64.
        < 1e-5)
    let empty = runs.run(
      words.dropLast() + [try file("c.safetensors", [.nan, .nan, .nan]), "--missing", "mask"])
    #expect(empty.status == .failed && empty.errors[0].contains("c.safetensors"))
  }

  /// The same numbers from a `.npy` with targets beside it and from safetensors give the same run.
  @Test func arraysOfNumPyAreReadWhereverSafetensorsAre() throws {
    func npy(_ descr: String, _ shape: String, _ data: [UInt8]) -> Data {
      var text = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
      text += String(repeating: " ", count: 117 - text.utf8.count) + "\n"
      return Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + Array(text.utf8) + data)
    }
    let x = (0..<12).map { Float(($0 * 5) % 7) / 7 }
    try npy(
      "<f4", "(3, 4, 1)",
      x.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    )
    .write(to: URL(fileURLWithPath: runs.path("x.npy")))
    try npy("|u1", "(4,)", [0, 1, 1, 0]).write(to: URL(fileURLWithPath: runs.path("y.npy")))
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [3, 4, 1], x)
    writer.append("y", shape: [4], [0, 1, 1, 0] as [Int])
    try writer.write(to: runs.path("both.safetensors"))
    let files = ["--inputs", runs.path("x.npy"), "--targets", runs.path("y.npy")]
    let (summary, model) = runs.train("arrays", files)
    let other = runs.train("arrays", ["--inputs", runs.path("both.safetensors")]).summary
    #expect(summary["train_loss"]?.double != nil && summary["train_loss"] == other["train_loss"])
    #expect(runs.run(["evaluate", "--model", model, "--json"]).status == .done)
    for (index, words) in [
      ["predict", "--model", model] + files,
      ["predict", "--model", model, "--inputs", runs.path("x.npy")],
      ["decay", "--hidden", "3"] + files, ["decay", "--model", model] + files,
      ["evaluate", "--model", model] + files,
    ].enumerated() {
      let outcome = runs.run(words + ["--out", runs.path("out-\(index)")])
      #expect(outcome.status == .done, "\(outcome.errors)")
    }
    let without = runs.run([
      "train", "arrays", "--inputs", runs.path("x.npy"), "--out", runs.path("none"),
    ])
    #expect(without.status == .failed && without.errors[0].contains("no array 'y' with targets"))
  }
}
