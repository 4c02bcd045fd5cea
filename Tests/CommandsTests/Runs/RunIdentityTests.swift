import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// A folder holds one run, whose files carry its identity, and a resumed run finds its own log whole.
struct RunIdentityTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let words = [
    "train", "adding", "--length", "4", "--batch", "2", "--hidden", "3", "--eval-every", "10",
    "--threads", "1", "--quiet",
  ]

  @discardableResult
  private func train(_ folder: String, _ words: String...) -> Workspace.Outcome {
    workspace.run(Self.words + ["--out", workspace(folder)] + words)
  }

  private func run(of folder: String) throws -> String? {
    try JSONValue(contentsOf: workspace("\(folder)/config.json"))["run"]?.string
  }

  private func resume(_ folder: String, _ words: String...) -> Workspace.Outcome {
    workspace.run(
      ["train", "--resume", workspace("\(folder)/checkpoint.safetensors"), "--quiet"] + words)
  }

  @Test func everyFileCarriesIt() throws {
    train("run", "--steps", "20")
    let id = try #require(try run(of: "run"))
    #expect(RunIdentity(id) != nil)
    #expect(
      try JSONValue(contentsOf: workspace("run/summary.json"))["run"]?.string == id)
    for name in ["checkpoint", "model", "best"] {
      let file = try SafetensorsFile(path: workspace("run/\(name).safetensors"))
      #expect(file.metadata["run"] == id && file.metadata["config"]?.contains(id) == true)
    }
    #expect(resume("run", "--steps", "30").status == .done)
    #expect(try run(of: "run") == id)
    train("other", "--steps", "20")
    #expect(try run(of: "other") != id)
  }

  @Test func aNewRunSetsTheEarlierOneAside() throws {
    train("run", "--steps", "20")
    let id = try #require(try run(of: "run"))
    let before = try workspace.bytes("run/model.safetensors")
    train("run", "--steps", "10", "--seed", "2")
    let earlier = "run/earlier-\(id.prefix(8))"
    #expect(try workspace.bytes("\(earlier)/model.safetensors") == before)
    #expect(try run(of: earlier) == id)
    #expect(try workspace.metrics(earlier).count == 20)
    #expect(try workspace.metrics("run").count == 10)
    // The earlier one goes on where it is now.
    #expect(resume(earlier, "--steps", "30").status == .done)
    #expect(try workspace.metrics(earlier).count == 30)
  }

  /// The second run was killed before its first evaluation: nothing of the first is under the live names.
  @Test func aKilledRunLeavesNoCheckpointOfAnother() throws {
    train("run", "--steps", "20")
    // As far as the second one gets: its folder is taken, and nothing is saved.
    _ = try RunFolder(workspace("run"), command: "train", options: [:], subject: nil)
    workspace.expectRefusal(
      ["train", "--resume", workspace("run/checkpoint.safetensors")], .failed,
      saying: ["run/checkpoint.safetensors", "no such file"])
  }

  @Test func anotherRunsFolderIsRefused() throws {
    train("one", "--steps", "20")
    train("two", "--steps", "20", "--seed", "2")
    let ids = try [run(of: "one"), run(of: "two")].compactMap { $0 }
    workspace.expectRefusal(
      [
        "train", "--resume", workspace("one/checkpoint.safetensors"), "--steps", "30", "--out",
        workspace("two"),
      ], .usage, saying: ["two/config.json", "accepted is that run's own folder"] + ids)
    // In a new folder the run goes on with its log.
    #expect(resume("one", "--steps", "30", "--out", workspace("three")).status == .done)
    #expect(try workspace.metrics("three").count == 30)
    #expect(try run(of: "three") == ids[0])
  }

  @Test func anotherRunsLogIsRefused() throws {
    train("one", "--steps", "20")
    train("two", "--steps", "20", "--seed", "2")
    let other = try workspace.bytes("two/metrics.csv")
    _ = try workspace.file("one/metrics.csv", other)
    workspace.expectRefusal(
      ["train", "--resume", workspace("one/checkpoint.safetensors"), "--steps", "30"], .failed,
      saying: ["one/metrics.csv", "not the log that the checkpoint was saved with"])
  }

  // MARK: Gaps

  @Test(arguments: [
    (5...5, "the row of step 5 is missing"), (5...12, "the rows of step 5 to 12 are missing"),
    (18...20, "the rows of step 18 to 20 are missing"),
    (1...20, "the rows of step 1 to 20 are missing"),
  ])
  func rowsThatAreMissingAreNamed(rows: ClosedRange<Int>, said: String) throws {
    train("run", "--steps", "20")
    let lines = String(decoding: try workspace.bytes("run/metrics.csv"), as: UTF8.self)
      .split(separator: "\n")
    let kept = lines.filter { line in
      !(line.split(separator: ",").first.flatMap { Int($0) }.map(rows.contains) ?? false)
    }
    // As a loss of power leaves it: under the log's temporary name.
    try FileManager.default.removeItem(atPath: workspace("run/metrics.csv"))
    _ = try workspace.file("run/metrics.csv.partial", kept.joined(separator: "\n") + "\n")
    workspace.expectRefusal(
      ["train", "--resume", workspace("run/checkpoint.safetensors"), "--steps", "30"], .failed,
      saying: ["metrics.csv", said, "of those up to 20", "begin a new run"])
  }

  @Test func aMissingLogIsRefusedAndOneAheadIsCutBack() throws {
    train("run", "--steps", "20")
    let text = String(decoding: try workspace.bytes("run/metrics.csv"), as: UTF8.self)
    // Rows of updates after the checkpoint, the last of them torn.
    _ = try workspace.file("run/metrics.csv", text + "21,0.5,1,0,0.001,0.1,,\n22,0.")
    #expect(resume("run", "--steps", "25").status == .done)
    #expect(try workspace.metrics("run").compactMap(\.first) == (1...25).map { "\($0)" })
    try FileManager.default.removeItem(atPath: workspace("run/metrics.csv"))
    workspace.expectRefusal(
      ["train", "--resume", workspace("run/checkpoint.safetensors"), "--steps", "30"], .failed,
      saying: ["metrics.csv", "the rows of step 1 to 25 are missing"])
  }

  @Test func aGapInTheDecayCurvesIsRefused() throws {
    train("run", "--steps", "20", "--watch-decay", "5")
    let text = String(decoding: try workspace.bytes("run/decay-over-training.csv"), as: UTF8.self)
    let lines = text.split(separator: "\n")
    // One row of the measurement after 10 updates, which is then not whole.
    let cut = try #require(lines.firstIndex { $0.hasPrefix("10,") })
    _ = try workspace.file(
      "run/decay-over-training.csv",
      (lines[..<cut] + lines[(cut + 1)...]).joined(separator: "\n") + "\n")
    workspace.expectRefusal(
      ["train", "--resume", workspace("run/checkpoint.safetensors"), "--steps", "30"], .failed,
      saying: ["decay-over-training.csv", "the rows of step 10 to 14 are missing"])
    _ = try workspace.file("run/decay-over-training.csv", text)
    #expect(resume("run", "--steps", "30").status == .done)
  }

  // MARK: Other settings on the way

  @Test func aNewLearningRateIsSaidAndRecorded() throws {
    train("run", "--steps", "20")
    let checkpoint = workspace("run/checkpoint.safetensors")
    let outcome = workspace.run([
      "train", "--resume", checkpoint, "--steps", "25", "--learning-rate", "0.5",
    ])
    #expect(outcome.status == .done)
    #expect(
      outcome.errors.contains {
        $0.contains("from update 21 on: --learning-rate 0.5 (it was 0.001)")
      })
    let rates = try CSVTable(path: workspace("run/metrics.csv")).column(named: "learning_rate")
    #expect(rates == Array(repeating: 0.001, count: 20) + Array(repeating: 0.5, count: 5))
    let resumed = try JSONValue(contentsOf: workspace("run/config.json"))["resumed"]?.array
    #expect(resumed == [["after": 20, "before": ["learning-rate": 0.001]]])
    let changes = try JSONValue(contentsOf: workspace("run/summary.json"))["changed_settings"]
    #expect(
      changes == [["after": 20, "name": "learning-rate", "before": 0.001, "now": 0.5]],
      "\(changes ?? .null)")
  }

  @Test func aLongerScheduleNeedsToBeAskedFor() throws {
    train("run", "--steps", "20", "--schedule", "cosine")
    workspace.expectRefusal(
      ["train", "--resume", workspace("run/checkpoint.safetensors"), "--steps", "40"], .usage,
      saying: ["--steps 40", "made with 20"])
    let outcome = resume("run", "--steps", "40", "--reschedule")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let rates = try CSVTable(path: workspace("run/metrics.csv")).column(named: "learning_rate")
    // Half of the longer cosine is left where the shorter one has ended.
    #expect(rates.count == 40 && rates[19] < 0.0001 && abs(rates[20] - 0.0005) < 1e-6)
    workspace.expectRefusal(
      ["train", "adding", "--reschedule"], .usage, saying: ["left out without --resume"])
  }

  /// The first run's kernels stay on record.
  @Test func otherKernelsAreSaidAndRecorded() throws {
    train("run", "--steps", "20")
    let path = workspace("run/checkpoint.safetensors")
    let file = try SafetensorsFile(path: path)
    let own = Machinery.present.vectorKernels
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = file.metadata.mapValues {
      $0.replacing("\"vector_kernels\": \"\(own)\"", with: "\"vector_kernels\": \"abacus\"")
    }
    for tensor in file.tensors {
      if tensor.dtype == .float32 {
        writer.append(
          tensor.name, shape: tensor.shape, try file.doubles(tensor.name).map { Float($0) })
      } else {
        writer.append(
          tensor.name, shape: tensor.shape, bitPatterns: try file.bitPatterns(tensor.name))
      }
    }
    try writer.write(to: path)
    let outcome = workspace.run(["train", "--resume", path, "--steps", "25"])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.errors.contains { $0.contains("vector_kernels abacus, here \(own)") })
    let config = try JSONValue(contentsOf: workspace("run/config.json"))
    #expect(config["resumed"]?.array == [["after": 20, "before": ["vector_kernels": "abacus"]]])
  }
}
