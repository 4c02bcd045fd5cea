import Foundation
import Testing
import UnrollFigures
import UnrollFileFormats

@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

struct BadOutputTests {
  private static let small = [
    "adding", "--length", "6", "--hidden", "3", "--batch", "2", "--steps", "4", "--threads", "1",
  ]

  @Test func aFolderThatCannotBeWrittenIsRefused() throws {
    let workspace = try Workspace()
    let file = try workspace.file("file", "here already")
    for (path, named) in [
      (file, file), ("\(file)/below", file), ("\(file)/far/below", file),
      ("/proc/nowhere", "/proc/nowhere"),
    ] {
      workspace.expectRefusal(
        ["train"] + Self.small + ["--out", path], .failed,
        saying: ["cannot create the folder \(named): "])
    }
    #expect(try workspace.bytes("file") == Array("here already".utf8))
  }

  /// A folder where a file of the run belongs: refused before training, not after it.
  @Test func aNameThatIsTakenByAFolderIsRefused() throws {
    let workspace = try Workspace()
    try FileManager.default.createDirectory(
      atPath: workspace("out/config.json"), withIntermediateDirectories: true)
    workspace.expectRefusal(
      ["train"] + Self.small + ["--out", workspace("out")], .failed,
      saying: ["config.json", "is a folder"])
  }

  @Test func withoutGnuplotTheDataAreWrittenAndOneWarningSaysWhatToInstall() async {
    await #expect(processExitsWith: .success) {
      setenv("PATH", "/nowhere", 1)
      let workspace = try Workspace()
      let outcome = workspace.run(
        ["train"] + BadOutputTests.small + ["--quiet", "--out", workspace("out")])
      let warnings = outcome.errors
      precondition(outcome.status == .done, "expected status 0, got \(outcome)")
      precondition(
        warnings.count == 1 && warnings[0].hasPrefix("unroll: warning: ")
          && warnings[0].contains(Gnuplot.installCommand),
        "expected one warning, got \(warnings)")
      let names = Set(workspace.names)
      for name in [
        "loss.gp", "metrics.csv", "model.safetensors", "best.safetensors", "summary.json",
        "checkpoint.safetensors", "config.json",
      ] {
        precondition(names.contains("out/\(name)"), "expected \(name), got \(names)")
      }
      precondition(!names.contains("out/loss.svg") && !names.contains("out/loss.png"))
    }
  }

  @Test func nonFiniteTrainingStopsWithWhatItKnowsAndWritesNothingNonFinite() throws {
    let workspace = try Workspace()
    let outcome = workspace.run([
      "train", "adding", "--length", "8", "--hidden", "4", "--batch", "2", "--steps", "500",
      "--cell", "rnn/activation=identity", "--optimizer", "sgd", "--learning-rate", "1e4",
      "--clip", "none", "--eval-every", "1", "--threads", "1", "--quiet", "--out",
      workspace("out"),
    ])
    #expect(outcome.status == .nonFinite)
    #expect(outcome.errors.count == 1)
    let line = outcome.errors.first ?? ""
    #expect(line.contains("non-finite at update ") && line.contains("--on-nonfinite skip"))
    for name in ["model", "best", "checkpoint"] {
      let path = workspace("out/\(name).safetensors")
      guard FileManager.default.fileExists(atPath: path) else { continue }
      let file = try SafetensorsFile(path: path)
      for tensor in file.tensors where tensor.name != "progress" {
        #expect(try file.doubles(tensor.name).allSatisfy { $0.isFinite }, "\(name) \(tensor.name)")
      }
    }
    #expect(workspace.names.allSatisfy { !$0.hasSuffix(".partial") })
  }
}
