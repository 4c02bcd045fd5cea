import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// Sweeps that go on in their folder with other values and seeds.
struct SweepExtensionTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func sweep(
    _ words: [String], out: String = "a", sourceLocation: SourceLocation = #_sourceLocation
  ) -> TemporaryRuns.Outcome {
    let outcome = runs.run(
      [
        "sweep", "adding", "--length", "4", "--hidden", "3", "--steps", "4",
        "--validation-sequences", "4", "--test-sequences", "4", "--out", runs.path(out),
      ] + words)
    #expect(
      outcome.status == .done || outcome.status == .usage, "\(outcome.errors)",
      sourceLocation: sourceLocation)
    return outcome
  }

  private func column(_ name: String, of file: String) throws -> [String] {
    try CSVTable(path: runs.path(file)).texts(inColumn: name)
  }

  /// One call extends a folder and compares what it has with what it had.
  @Test func newValuesAreComparedWithEarlierOnes() throws {
    _ = sweep(["--vary", "clip=none,1", "--seeds", "2"])
    let more = ["--vary", "clip=0.5", "--seeds", "2", "--quiet"]
    let outcome = sweep(more + ["--against", "clip=none"])
    #expect(outcome.status == .done && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(try column("clip", of: "a/pairs.csv") == ["norm:1", "norm:0.5"])
    #expect(try column("pairs", of: "a/pairs.csv") == ["2", "2"])
    let refused = sweep(more + ["--against", "clip=7"])
    #expect(refused.status == .usage && refused.errors.count == 1)
    #expect(
      refused.errors[0].contains("clip has the values none, norm:1 and norm:0.5"),
      "\(refused.errors)")
    // Another folder has its own values alone.
    #expect(sweep(more + ["--against", "clip=none"], out: "new").status == .usage)
    #expect(runs.files(in: "new") == nil)
  }

  /// A file of earlier runs may be gone: its results are shown, and those of the others are written.
  @Test func earlierRunsNeedNoFile() throws {
    let files = try ["b", "c"].map { name in
      try runs.file(
        "\(name).csv", "y\n" + (0..<40).map { "\($0 % 7)\n" }.joined() + "\(name == "b" ? 1 : 2)\n")
    }
    for file in files {
      let outcome = runs.run([
        "sweep", "series", "--column", "y", "--window", "5", "--batch", "1", "--hidden", "3",
        "--steps", "4", "--vary", "file=\(file)", "--seeds", "2", "--quiet", "--out",
        runs.path("a"),
      ])
      #expect(outcome.status == .done, "\(outcome.errors)")
      if file == files[0] { try runs.remove("b.csv") }
    }
    #expect(try column("runs", of: "a/groups.csv") == ["2", "2"])
  }

  /// Values keep their places, and with them their colors; a call that names all orders them.
  @Test func newValuesComeBehind() throws {
    _ = sweep(["--vary", "cell=rnn,lstm", "--vary", "batch=3,4", "--seeds", "1"])
    _ = sweep(["--vary", "cell=gru", "--vary", "batch=5", "--seeds", "1"])
    let config = try JSONValue(contentsOf: runs.path("a/config.json"))
    #expect(config["options"]?["vary"]?.array == ["cell=rnn,lstm,gru", "batch=3,4,5"])
    #expect(try column("cell", of: "a/groups.csv") == ["rnn", "rnn", "lstm", "lstm", "gru"])
    #expect(try column("cell", of: "a/runs.csv") == ["rnn", "rnn", "lstm", "lstm", "gru"])
    _ = sweep(["--vary", "cell=gru,lstm,rnn", "--vary", "batch=5,3,4", "--seeds", "1"])
    #expect(
      try column("cell", of: "a/groups.csv").elementsEqual(
        ["gru", "lstm", "rnn"].flatMap { Array(repeating: $0, count: 3) }))
  }

  /// Seeds that do not follow on the earlier ones are recorded as they are, and made again from the record.
  @Test func seedsOfALaterCallAreRecorded() throws {
    _ = sweep(["--vary", "clip=none,1", "--seeds", "2"])
    let outcome = sweep(["--vary", "clip=none,1", "--seed", "10", "--seeds", "2"])
    #expect(outcome.out.contains(", 4 seeds: 1-2, 10-11"), "\(outcome.out)")
    #expect(!outcome.errors.joined().contains("this call makes 4 runs; config.json lists 22"))
    #expect(outcome.errors.joined().contains("this call makes 4 runs; config.json lists 8"))
    let config = try JSONValue(contentsOf: runs.path("a/config.json"))
    #expect(config["options"]?["seeds"] == "1-2,10-11" && config["options"]?["seed"] == 1)
    let seeds = try column("seed", of: "a/runs.csv")
    #expect(seeds == ["1", "2", "10", "11", "1", "2", "10", "11"])
    #expect(try runs.text("a/sweep.gp").contains("4 seeds: 1-2, 10-11"))
    let replay = runs.run([
      "sweep", "--config", runs.path("a/config.json"), "--out", runs.path("b"), "--quiet",
    ])
    #expect(replay.status == .done, "\(replay.errors)")
    #expect(try runs.text("b/groups.csv") == runs.text("a/groups.csv"))
    #expect(try column("seed", of: "b/runs.csv") == seeds)
    // A seed of the later call is one of the folder's.
    let id = try column("run", of: "a/runs.csv")[3]
    let again = runs.run([
      "train", "--sweep", runs.path("a"), "--run", id, "--quiet", "--json", "--out", runs.path("r"),
    ])
    #expect(again.status == .done, "\(again.errors)")
    #expect(
      try column("test_loss", of: "a/runs.csv").map(Double.init)[3]
        == again.json["test_loss"]?.double)
    // Where seeds follow on, a number says all.
    _ = sweep(["--vary", "clip=none,1", "--seed", "3", "--seeds", "7"])
    #expect(
      try JSONValue(contentsOf: runs.path("a/config.json"))["options"]?["seeds"] == 11)
  }

  @Test func seedsCanBeNamed() throws {
    let outcome = sweep(["--vary", "clip=none,1", "--seeds", "7,2-3"])
    #expect(outcome.out.contains("3 seeds: 2-3, 7"))
    #expect(try column("seed", of: "a/runs.csv").prefix(3) == ["2", "3", "7"])
    let refused = sweep(["--vary", "clip=none", "--seeds", "2-3,7", "--seed", "4"], out: "new")
    #expect(refused.status == .usage)
    #expect(
      refused.errors == [
        "unroll: --seed 4: must be left out where --seeds names the seeds: 2-3,7"
      ])
    for text in ["0", "3-2", "1,1", "a"] {
      let refused = sweep(["--vary", "clip=none", "--seeds", text], out: "new")
      #expect(refused.status == .usage && refused.errors.count == 1)
      #expect(refused.errors[0].contains("or the seeds themselves, each once: 1-3,10-12"))
    }
    #expect(runs.files(in: "new") == nil)
  }

  /// Settings with as many runs, but of other seeds, say how many runs and which seeds there are.
  @Test func settingsOfOtherSeedsSaySo() {
    _ = sweep(["--vary", "clip=none,1", "--seeds", "2"])
    let outcome = sweep(["--vary", "clip=0.5", "--seed", "3", "--seeds", "2"])
    #expect(outcome.out.contains("2 runs a setting, 4 seeds\n"), "\(outcome.out)")
    #expect(outcome.out.contains(#/clip +seeds +solved/#), "\(outcome.out)")
    #expect(outcome.out.contains(#/norm:1 +1-2/#) && outcome.out.contains(#/norm:0\.5 +3-4/#))
    #expect((try? runs.text("a/sweep.gp").contains("n: runs, where not of all 4 seeds")) == true)
  }

  /// Beside --config, --vary names what is new alone; the other options have their values from the file.
  @Test func aCallWithFewerOptionsExtendsAFolder() throws {
    _ = sweep(["--vary", "cell=rnn,lstm", "--vary", "clip=none,1", "--seeds", "1"])
    let words = ["--vary", "clip=5", "--quiet", "--out", runs.path("a")]
    let refused = sweep(["--vary", "clip=5", "--seeds", "1"])
    #expect(refused.status == .usage && refused.errors.count == 1)
    #expect(
      refused.errors[0].hasSuffix(
        "--config \(runs.path("a/config.json")) takes the values of those that are not named here"))
    let outcome = runs.run(["sweep", "--config", runs.path("a/config.json")] + words)
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(
      try column("clip", of: "a/groups.csv")
        == ["none", "norm:1", "norm:5", "none", "norm:1", "norm:5"])
    let config = try JSONValue(contentsOf: runs.path("a/config.json"))
    #expect(config["options"]?["vary"]?.array == ["cell=rnn,lstm", "clip=none,norm:1,norm:5"])
  }

  /// A share without a run has nothing to draw.
  @Test func anEmptyShardDrawsNothing() throws {
    let outcome = sweep(["--vary", "clip=none,1", "--seeds", "1", "--shard", "3/4"])
    #expect(outcome.out.contains("0 runs, shard 3/4 of 2"))
    #expect(outcome.out.contains("No run is there, so that there is nothing to draw."))
    #expect(!outcome.out.contains("A shard has other seeds"))
    #expect(
      runs.files(in: "a") == ["config.json", "groups.csv", "norms.csv", "runs.csv", "summary.json"])
  }
}
