import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

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
    // The subtitle says nothing that holds for some curves alone.
    #expect(script.contains("curves of several runs, each with its own settings"))
    #expect(!script.contains("T = 15") && !script.contains("at initialization"))

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
    // Nobody asked for cells.
    #expect(outcome.json["curves"]?.array?.isEmpty == true)
    #expect(runs.files(in: "run")?.contains("decay.svg") == true)
    #expect(runs.files(in: "run")?.contains("gates.csv") == false)
    // Its table has the run's rows, so that it can stand in for it.
    let rows = try CSVTable(path: runs.path("run/decay.csv")).rows
    let source = try CSVTable(path: runs.path("earlier/decay.csv")).rows
    #expect(rows.map { $0.dropFirst() } == source.map { $0.dropFirst() })
    #expect(rows.allSatisfy { $0[0] == "\(runs.path("earlier")): gru" })
    func means(_ folder: String) throws -> [ArraySlice<String>] {
      try CSVTable(path: runs.path("\(folder)/decay-seeds.csv")).rows.map { $0.dropFirst() }
    }
    // The means over its seeds, which the figure draws; without c, the state is h.
    #expect(try means("run") == means("earlier").filter { $0[1] == "h" })
    let itself = runs.decay("--runs", runs.path("run"))
    #expect(itself.status == .usage && itself.errors.count == 1)
    #expect(itself.errors[0].contains("must be another folder than those of --runs"))
  }

  /// A training's folder stands for its last weights, on its own task.
  @Test func aTrainedRunIsMeasuredBesideFreshCells() throws {
    let runs = try TemporaryRuns()
    let trained = runs.path("trained")
    let training = runs.run([
      "train", "copy", "--cell", "gru", "--length", "5", "--hidden", "6", "--batch", "3",
      "--steps", "4", "--quiet", "--out", trained,
    ])
    #expect(training.status == .done, "\(training.errors)")
    let model = runs.decay(
      "--model", "\(trained)/model.safetensors", "--batch", "3", "--json")
    let curves = try #require(model.json["curves"]?.array)

    let alone = runs.decay("--runs", trained, "--batch", "3", "--json")
    #expect(alone.status == .done, "\(alone.errors)")
    let found = try #require(alone.json["curves"]?.array)
    #expect(found.map { $0["rate"] } == curves.map { $0["rate"] })
    #expect(found.allSatisfy { $0["label"]?.string == "\(trained): gru" })

    let both = runs.decay(
      "--runs", trained, "--cells", "rnn", "--hidden", "7", "--batch", "3", "--json")
    #expect(both.json["curves"]?.array?.map { $0["cell"]?.string } == ["rnn", "rnn", "gru", "gru"])
    let script = try runs.text("run/decay.gp")
    #expect(script.contains("copy, T = 25, B = 3") && !script.contains("H = "))
    #expect(!script.contains("at initialization") && !script.contains("weights of"))
    // Its config.json says no more than was asked for.
    let again = runs.run([
      "decay", "--config", runs.path("run/config.json"), "--out", runs.path("again"), "--json",
    ])
    #expect(again.json["curves"] == both.json["curves"])

    // Its inputs are not those of another task.
    let other = runs.decay("--runs", trained, "--task", "adding", "--length", "9")
    #expect(other.status != .done && other.errors.count == 1, "\(other.errors)")
  }

  @Test func foldersThatCannotBeReadAreNamed() throws {
    let runs = try TemporaryRuns()
    let absent = runs.decay("--runs", "absent")
    #expect(absent.status == .usage && absent.errors.count == 1)
    #expect(absent.errors[0].contains("decay.csv or model.safetensors; absent has neither"))
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
