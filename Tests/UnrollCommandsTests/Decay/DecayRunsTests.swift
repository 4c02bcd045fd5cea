import FileFormats
import Foundation
import Testing

@testable import UnrollCommands

/// `--runs`: curves of earlier runs on the same figure.
struct DecayRunsTests {
  @Test func anEarlierRunStandsBesideTheNewOne() throws {
    let runs = try TemporaryRuns()
    let first = runs.decay("--cells", "lstm", "--length", "15", "--json")
    let earlier = runs.path("earlier")
    try FileManager.default.moveItem(atPath: runs.path("run"), toPath: earlier)
    let outcome = runs.decay("--cells", "rnn", "--length", "15", "--runs", earlier, "--json")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let read = try #require(outcome.json["runs"]?.array)
    #expect(read.map { $0["path"]?.string } == ["h", "c", "state"])
    let measured = try #require(first.json["curves"]?.array)
    // The file's numbers are exact, so that the fit of their means is the same fit.
    for key in ["rate", "r2", "verdict", "half_life", "horizon"] {
      #expect(read.map { $0[key] } == measured.map { $0[key] }, "\(key)")
    }
    #expect(read.allSatisfy { $0["run"]?.string == earlier && $0["label"]?.string == "lstm" })
    let script = try runs.text("run/decay.gp")
    #expect(script.contains("# lag norm p10 p90"))
    #expect(script.components(separatedBy: "$curve").count > 4)

    let printed = runs.decay("--cells", "rnn", "--length", "15", "--runs", earlier)
    #expect(printed.out.contains("c lstm"))
  }

  /// Curves of several seeds are read as the curve of their means.
  @Test func seedsOfAnEarlierRunAreAveraged() throws {
    let runs = try TemporaryRuns()
    let first = runs.decay("--cells", "gru", "--length", "9", "--seeds", "3", "--json")
    try FileManager.default.moveItem(
      atPath: runs.path("run"), toPath: runs.path("earlier"))
    let outcome = runs.decay("--length", "9", "--runs", runs.path("earlier"), "--json")
    let read = try #require(outcome.json["runs"]?.array?.first)
    #expect(read["rate"] == first.json["curves"]?.array?.first?["rate"])
  }

  @Test func foldersThatCannotBeReadAreNamed() throws {
    let runs = try TemporaryRuns()
    let absent = runs.decay("--runs", "absent")
    #expect(absent.status == .failed && absent.errors.count == 1)
    #expect(absent.errors[0].contains("absent/decay.csv"))
    let twice = runs.run(["decay", "--runs", "a,a", "--out", runs.path("run")])
    #expect(twice.status == .usage && twice.errors.count == 1)
    #expect(twice.errors[0].contains("--runs a,a: must be folders that are written differently"))

    let folder = runs.path("broken")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let columns = "label,layer,path,lag,norm_mean,norm_p10,norm_p90\n"
    try Data("\(columns)rnn,0,h,0,1,one,1\n".utf8).write(to: URL(filePath: "\(folder)/decay.csv"))
    let broken = runs.decay("--runs", folder)
    #expect(broken.status == .failed && broken.errors.count == 1)
    #expect(broken.errors[0].contains("norm_p10") && broken.errors[0].contains("one"))
    #expect(runs.files(in: "run") == nil)
  }
}
