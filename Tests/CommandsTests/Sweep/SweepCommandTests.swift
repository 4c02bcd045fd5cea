import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// Sweeps of tiny runs, and the files that they leave.
struct SweepCommandTests {
  let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private static let small = [
    "adding", "--length", "4", "--hidden", "3", "--batch", "2", "--steps", "30", "--eval-every",
    "10", "--validation-sequences", "8", "--test-sequences", "8", "--precision", "double",
    "--norm-steps", "5", "--quiet",
  ]

  @discardableResult
  private func sweep(
    _ words: [String], out: String, base: [String] = Self.small,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> TemporaryRuns.Outcome {
    let outcome = runs.run(["sweep"] + base + words + ["--out", runs.path(out)])
    #expect(outcome.status == .done, "\(outcome.errors)", sourceLocation: sourceLocation)
    return outcome
  }

  private func table(_ path: String) throws -> [[String: String]] {
    let table = try CSVTable(path: runs.path(path))
    return table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.columnNames, $0)) }
  }

  /// The rows of runs.csv without times, as text.
  private func numbers(_ out: String) throws -> [[String: String]] {
    try table("\(out)/runs.csv").map { $0.filter { !SweepResult.columnsOfTime.contains($0.key) } }
  }

  private static let grid = [
    "--vary", "learning-rate=0.01,0.1", "--vary", "clip=none,0.5,2x", "--seeds", "2",
  ]

  /// Settings with fewer runs than others, as a shard has them, are marked in the figure and the table.
  @Test func fewerRunsOfASettingAreSaid() throws {
    let outcome = sweep(
      ["--vary", "learning-rate=0.01,0.1", "--seeds", "3", "--shard", "1/2"], out: "part")
    #expect(outcome.out.contains("1 to 2 runs a setting"))
    let script = try runs.text("part/sweep.gp")
    #expect(
      script.contains("n: runs, where not of all 2 seeds") && script.contains("'n 1' at first"))
  }

  /// What live tables say of a run that has ended.
  @Test func aTaskWithoutCriterionIsNotCalledUnsolved() {
    #expect(RunVerdict.unsolved.shown(hasCriterion: true).text == "unsolved")
    #expect(RunVerdict.unsolved.shown(hasCriterion: false).text == "finished")
    #expect(RunVerdict.solved.shown(hasCriterion: true).text == "solved")
    #expect(RunVerdict.diverged.shown(hasCriterion: false).text == "diverged")
  }

  @Test func everyCombinationIsTrainedForEverySeed() throws {
    sweep(Self.grid, out: "a")
    let rows = try table("a/runs.csv")
    #expect(rows.count == 12 && Set(rows.compactMap { $0["run"] }).count == 12)
    #expect(
      rows.prefix(6).map { ($0["learning-rate"] ?? "") + " " + ($0["clip"] ?? "") }
        == ["none", "none", "norm:0.5", "norm:0.5", "norm:2x", "norm:2x"].map { "0.01 " + $0 })
    let groups = try table("a/groups.csv")
    #expect(groups.count == 6 && groups.allSatisfy { $0["runs"] == "2" && $0["loss"] == "test" })
    // One pass without clipping for each learning rate and seed.
    #expect(try table("a/norms.csv").count == 4)
    let summary = try JSONValue(contentsOf: runs.path("a/summary.json"))
    #expect(summary["groups"]?.array?.count == 6 && summary["outcome"] == "finished")
    #expect(runs.files(in: "a")?.contains("sweep.gp") == true)
  }

  /// Labels of the live table are whole where there is room, and what is long is shortened where not.
  @Test(arguments: [
    ("none,value:0.001", "value:0.001"), ("none,0.123456789012", "norm:0.123456789012"),
    ("none,0.123456789012345", "norm:0.123…6789012345"),
  ])
  func labelsAreWholeWhereThereIsRoom(values: String, label: String) {
    let test = TestTerminal(isTerminal: true, rows: 60)
    let words =
      ["sweep"] + Self.small.filter { $0 != "--quiet" }
      + ["--vary", "clip=\(values)", "--vary", "learning-rate=0.1,0.2"]
    #expect(Program.unroll.run(words + ["--out", runs.path("live")], on: test.terminal) == .done)
    let frames = test.diagnostics.text.components(separatedBy: "\r")
    let frame = Screen(frames.dropLast().last ?? "").text.split(separator: "\n")
    #expect(frame.contains { $0.hasPrefix(label + "  ") }, "\(frame)")
    for line in frame { #expect(line.count < 80, "\(line)") }
  }

  /// A run of a sweep is a run of train on one thread, also under a multiple of the mean norm.
  @Test(arguments: [0, 3, 5]) func aRunIsARunOfTrain(place: Int) throws {
    sweep(["--vary", "clip=none,0.5,2x", "--seeds", "2"], out: "a")
    let row = try table("a/runs.csv")[place]
    // The beginning of a name is enough.
    let name = String((row["run"] ?? "").prefix(place == 0 ? 12 : 8))
    let outcome = runs.run([
      "train", "--sweep", runs.path("a"), "--run", name, "--json", "--quiet", "--out",
      runs.path("again"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    for (column, key) in [
      ("validation_loss", "validation_loss"), ("best_validation_loss", "best_validation_loss"),
      ("test_loss", "test_loss"), ("best_test_loss", "best_test_loss"),
      ("clipped_fraction", "clipped_fraction"), ("mean_norm", "mean_gradient_norm"),
    ] {
      #expect(row[column].flatMap(Double.init) == outcome.json[key]?.double, "\(column)")
    }
  }

  /// However many threads there are, and however often it is begun again.
  @Test func threadsAndRepetitionsDoNotMatter() throws {
    sweep(Self.grid + ["--threads", "1"], out: "a")
    sweep(["--vary", "learning-rate=0.1", "--vary", "clip=2x", "--seeds", "1"], out: "b")
    sweep(Self.grid + ["--threads", "3"], out: "b")
    let (one, other) = (try numbers("a"), try numbers("b"))
    #expect(one == other)
    #expect(try runs.text("a/groups.csv") == runs.text("b/groups.csv"))
    // The folder's config.json replays all of it.
    let replay = runs.run([
      "sweep", "--config", runs.path("b/config.json"), "--quiet", "--out", runs.path("c"),
    ])
    #expect(replay.status == .done, "\(replay.errors)")
    #expect(try numbers("c") == one)
  }

  @Test func shardsMergeIntoTheWhole() throws {
    let words = Self.grid + ["--against", "clip=none"]
    sweep(words, out: "whole")
    for shard in 1...3 { sweep(words + ["--shard", "\(shard)/3"], out: "part\(shard)") }
    let outcome = runs.run(
      ["merge"] + (1...3).map { runs.path("part\($0)") } + ["--quiet", "--out", runs.path("all")])
    #expect(outcome.status == .done, "\(outcome.errors)")
    for file in ["groups.csv", "pairs.csv", "norms.csv", "sweep.gp"] {
      #expect(try runs.text("whole/\(file)") == runs.text("all/\(file)"), "\(file)")
    }
    #expect(try numbers("whole") == numbers("all"))
  }

  @Test func theSameSeedHasTheSameDataAndWeights() throws {
    sweep(["--vary", "clip=none,1e9", "--seeds", "2"], out: "a")
    let rows = try table("a/runs.csv")
    // A threshold that never clips changes nothing.
    #expect(rows[0]["test_loss"] == rows[2]["test_loss"])
    #expect(rows[0]["test_loss"] != rows[1]["test_loss"])
  }

  /// Before any update the loss depends on the weights, and with equal weights on the data alone.
  @Test func dataHaveASeedOfTheirOwn() throws {
    let base = ["--vary", "data-seed=5,6", "--seeds", "1"]
    sweep(base, out: "a")
    let rows = try table("a/runs.csv")
    #expect(rows[0]["validation_loss"] != rows[1]["validation_loss"])
    let plain = runs.train("adding", ["--seed", "3"]).summary
    let apart = runs.train("adding", ["--seed", "3", "--data-seed", "3"]).summary
    let other = runs.train("adding", ["--seed", "3", "--data-seed", "4"]).summary
    #expect(plain["test_loss"] == apart["test_loss"] && plain["test_loss"] != other["test_loss"])
  }

  /// The data that a model is measured on are those of the data's seed.
  @Test func evaluateTakesTheDatasSeed() throws {
    let (summary, model) = runs.train("adding", ["--seed", "3", "--data-seed", "4"])
    let outcome = runs.run(["evaluate", "--model", model, "--json", "--precision", "double"])
    let (own, trained) = (outcome.json["test_loss"]?.double, summary["test_loss"]?.double)
    // The sum over 1,000 sequences is taken in another order, to rounding.
    #expect(abs((own ?? 0) - (trained ?? 1)) < 1e-14, "\(outcome.errors)")
  }

  @Test func underSolvedRunsEndThere() throws {
    sweep(
      ["--vary", "learning-rate=0.01", "--seeds", "1", "--solve-at", "100", "--solve-every", "4"],
      out: "never")
    sweep(
      [
        "--vary", "learning-rate=0.01", "--seeds", "1", "--solve-at", "100", "--solve-every", "4",
        "--stop", "solved",
      ], out: "solved")
    let (never, solved) = (try table("never/runs.csv")[0], try table("solved/runs.csv")[0])
    #expect(never["updates"] == "30" && never["updates_to_solve"] == "4")
    #expect(solved["updates"] == "4" && solved["updates_to_solve"] == "4")
  }

  @Test func filesOfRunsAreKept() throws {
    sweep(["--seeds", "1", "--keep", "models"], out: "a")
    let id = try table("a/runs.csv")[0]["run"] ?? ""
    #expect(
      runs.files(in: "a/runs/\(id)") == ["best.safetensors", "metrics.csv", "model.safetensors"])
    #expect(try table("a/runs/\(id)/metrics.csv").count == 30)
    let outcome = runs.run([
      "evaluate", "--model", runs.path("a/runs/\(id)/model.safetensors"), "--json",
    ])
    let loss = try table("a/runs.csv")[0]["test_loss"].flatMap(Double.init)
    #expect(outcome.json["test_loss"]?.double == loss, "\(outcome.errors)")
  }

  @Test func tasksAndFilesCanBeVaried() throws {
    let (text, series) = (
      try runs.textFile(), try runs.file("other.txt", String(repeating: "abc def\n", count: 40))
    )
    let base = Self.small.filter { !["adding", "--length", "4"].contains($0) }
    let files = base.filter {
      !$0.hasPrefix("--validation") && !$0.hasPrefix("--test") && $0 != "8"
    }
    sweep(
      ["text", "--vary", "file=\(text),\(series)", "--window", "4", "--seeds", "1"], out: "files",
      base: files)
    let hashes = try table("files/runs.csv").compactMap { $0["data_hash"] }
    #expect(Set(hashes).count == 2 && hashes.allSatisfy { $0.count == 64 })
    sweep(
      ["--vary", "task=adding,copy", "--length", "12", "--seeds", "1"], out: "tasks", base: base)
    #expect(try table("tasks/runs.csv").count == 2)
  }

  /// A blank field leaves the option as it is for all runs.
  @Test func aGridHasARowForEachSetting() throws {
    let grid = try runs.file("grid.csv", "cell,forget-bias,hidden\nlstm,0,3\nrnn,,4\n")
    let base = Self.small.filter { $0 != "--hidden" && $0 != "3" }
    sweep(["--grid", grid, "--seeds", "1"], out: "a", base: base)
    #expect(try table("a/groups.csv").map { $0["cell"] } == ["lstm", "rnn"])
    // More settings in the same folder, and config.json has all.
    let more = try runs.file("more.csv", "cell,forget-bias,hidden\ngru,,5\n")
    sweep(["--grid", more, "--seeds", "1"], out: "a", base: base)
    #expect(try table("a/runs.csv").map { $0["cell"] } == ["lstm", "rnn", "gru"])
    #expect(
      try runs.text("a/grid.csv") == "cell,forget-bias,hidden\nlstm,0,3\nrnn,,4\ngru,,5\n")
  }

  /// A folder's settings move with it.
  @Test func aMovedFolderKeepsItsSettings() throws {
    let base = Self.small.filter { $0 != "--hidden" && $0 != "3" }
    let (one, two) = (try runs.file("1.csv", "hidden\n2\n"), try runs.file("2.csv", "hidden\n3\n"))
    sweep(["--grid", one, "--seeds", "1"], out: "a", base: base)
    try FileManager.default.moveItem(atPath: runs.path("a"), toPath: runs.path("b"))
    sweep(["--grid", two, "--seeds", "1"], out: "b", base: base)
    #expect(try runs.text("b/grid.csv") == "hidden\n2\n3\n")
  }

  /// What one call compared is not of the runs of another.
  @Test func pairsAreOfThePresentRuns() throws {
    sweep(["--vary", "clip=none,1", "--seeds", "2", "--against", "clip=none"], out: "a")
    #expect(runs.files(in: "a")?.contains("pairs.csv") == true)
    sweep(["--vary", "clip=none,1", "--seeds", "3"], out: "a")
    #expect(runs.files(in: "a")?.contains("pairs.csv") == false)
  }

  @Test func mergingKeepsWhatRunsKept() throws {
    let words = ["--vary", "hidden=2,3", "--seeds", "1", "--keep", "metrics"]
    let base = Self.small.filter { $0 != "--hidden" && $0 != "3" }
    for shard in 1...2 { sweep(words + ["--shard", "\(shard)/2"], out: "p\(shard)", base: base) }
    let outcome = runs.run([
      "merge", runs.path("p1"), runs.path("p2"), "--quiet", "--out", runs.path("all"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    for row in try table("all/runs.csv") {
      #expect(runs.files(in: "all/runs/\(row["run"] ?? "")") == ["metrics.csv"])
    }
  }

  /// A text cannot be solved, so nothing is said of it.
  @Test func withoutACriterionNothingIsSolved() throws {
    let base = [
      "text", "--file", try runs.textFile(), "--hidden", "2", "--batch", "2", "--steps", "2",
      "--window", "4", "--quiet",
    ]
    let outcome = sweep(
      ["--vary", "cell=rnn,lstm", "--seeds", "2", "--against", "cell=rnn"], out: "a", base: base)
    let (group, pair) = (try table("a/groups.csv")[0], try table("a/pairs.csv")[0])
    #expect(group["solved"] == "" && group["solved_share"] == "" && group["diverged"] == "0")
    #expect(pair["mcnemar_p"] == "" && pair["pairs"] == "2")
    #expect(!outcome.out.contains("solved"))
    #expect(try runs.text("a/sweep.gp").contains("text, over cell"))
  }

  @Test func aSweepWithoutVariedOptionsRepeatsOneSetting() throws {
    let outcome = sweep(["--seeds", "3", "--json"], out: "a")
    #expect(try table("a/groups.csv").first?["runs"] == "3")
    #expect(outcome.json["options"]?.array?.isEmpty == true)
  }
}
