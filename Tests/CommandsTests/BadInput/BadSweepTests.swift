import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// What a sweep and a merge refuse, in one line and before anything is written.
struct BadSweepTests {
  let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func expectRefusal(
    _ words: [String], _ status: UnrollCommandLine.ExitStatus = .usage, saying parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let outcome = runs.run(words)
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    for part in parts {
      #expect(
        outcome.errors.last?.contains(part) == true, "\(outcome.errors)",
        sourceLocation: sourceLocation)
    }
    #expect(runs.files(in: "new") == nil, sourceLocation: sourceLocation)
  }

  private func sweep(_ words: [String], out: String) {
    let outcome = runs.run(
      [
        "sweep", "adding", "--length", "4", "--batch", "2", "--steps", "3", "--seeds", "2",
        "--validation-sequences", "4", "--test-sequences", "4", "--quiet", "--out", runs.path(out),
      ] + words)
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  @Test(arguments: [
    (["--vary", "hidden=4", "--vary", "hidden=5"], ["--vary hidden is given twice"]),
    (["--vary", "hidden=4", "--hidden", "5"], ["--hidden is given for all runs"]),
    (["--vary", "task=adding", "copy"], ["TASK is given for all runs"]),
    (
      ["--vary", "window=5,full", "--vary", "task=adding,text"],
      ["the setting window 5, task text", "--file"]
    ),
    (
      [
        "--vary", "hidden=1,2", "--seeds", "10000", "--vary",
        "batch=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51",
      ],
      ["2 x 51 x 10,000 runs: must be at most 1,000,000"]
    ),
    (["--shard", "5/4"], ["--shard 5/4: must be I/N"]),
    (
      ["--vary", "clip=1,2", "--against", "clip=none"],
      ["--against clip=none", "norm:1 and norm:2"]
    ),
    (["--vary", "clip=1,2", "--against", "hidden=3"], ["hidden is not varied; varied are clip"]),
    (
      ["--vary", "clip=1,2", "--against", "clip"], ["must be a varied option and one of its values"]
    ),
    (["--against", "clip=1"], ["--vary says what is"]),
    (["--vary", "clip=1,2", "--against", "clip=1,clip=2"], ["clip is given twice"]),
    (
      ["--cell", "rnn/activation=relu", "--vary", "activation=tanh,relu"],
      ["the setting activation tanh: --activation tanh", "rnn/activation=relu says another"]
    ),
    (["--keep", "all"], ["must be none, metrics or models"]),
    (["--seed", "9223372036854775807"], ["--seed 9223372036854775807: must be at most"]),
    (["--vary", "hidden=4", "--grid", "x.csv"], ["--vary and --grid exclude each other"]),
  ])
  func optionsThatDoNotFitAreRefused(words: [String], said: [String]) {
    expectRefusal(["sweep", "--out", runs.path("new")] + words, saying: said)
  }

  @Test(arguments: [
    ("hidden\n4\n4\n", ["grid.csv, line 3: the setting of line 2 again"]),
    ("hidden\n4\nx\n", ["grid.csv, line 3: --hidden x: must be a whole number"]),
    ("hiden\n4\n", ["grid.csv, line 1", "did you mean 'hidden'?"]),
    ("seed\n4\n", ["grid.csv, line 1", "seeds are counted"]),
    ("hidden,hidden\n4,5\n", ["grid.csv, line 1", "hidden is given twice"]),
    ("hidden\n", ["has no row"]),
    ("hidden,batch\n8,20\n8,\n", ["the setting hidden 8 is hidden 8, batch 20 in other words"]),
  ])
  func gridsThatDoNotFitAreRefused(text: String, said: [String]) throws {
    let grid = try runs.file("grid.csv", text)
    expectRefusal(["sweep", "--grid", grid, "--out", runs.path("new")], saying: said)
  }

  /// Where a list is given to an option of one value, the error says how values are compared.
  @Test(arguments: [
    (["--learning-rate", "0.1,0.2"], "--vary learning-rate=0.1,0.2"),
    (["--hidden=8,16"], "--vary hidden=8,16"), (["--cell", "rnn,gru"], "--vary cell=rnn,gru"),
    (["--clip", "none,1"], "--vary clip=none,1"),
  ])
  func aListForOneValueNamesVary(words: [String], remedy: String) {
    let new = ["--out", runs.path("new")]
    expectRefusal(["sweep", "adding"] + words + new, saying: ["; to compare several: \(remedy)"])
    expectRefusal(
      ["train", "adding"] + words + new,
      saying: ["; to compare several: unroll sweep TASK \(remedy)"])
  }

  @Test func aListOfRulesNamesThresholds() {
    expectRefusal(
      ["clip", "adding", "--clip", "1,2", "--windows", "full,2", "--out", runs.path("new")],
      saying: ["; to compare several: --thresholds 1,2"])
  }

  /// A text that is no list of values gets no such advice.
  @Test(arguments: ["0.1,", "0.1,x", "0.1,0.1", "x"])
  func whatIsNoListNamesNoVary(text: String) {
    let outcome = runs.run(["train", "adding", "--learning-rate", text])
    #expect(outcome.errors == ["unroll: --learning-rate \(text): must be a number above 0"])
  }

  @Test func aFolderGoesOnUnderItsOwnSettings() throws {
    sweep(["--vary", "hidden=2,3"], out: "a")
    let before = try runs.text("a/runs.csv")
    for (words, said) in [
      (["--vary", "hidden=2", "--batch", "3"], ["--batch 3", "has 2"]),
      (["--vary", "layers=1,2"], ["varies hidden, here layers", "in the same order"]),
    ] {
      let outcome = runs.run(
        [
          "sweep", "adding", "--length", "4", "--steps", "3", "--seeds", "2",
          "--validation-sequences", "4", "--test-sequences", "4", "--quiet", "--out",
          runs.path("a"),
        ] + (words.contains("--batch") ? [] : ["--batch", "2"]) + words)
      #expect(outcome.status != .done && outcome.errors.count == 1, "\(outcome.errors)")
      for part in said { #expect(outcome.errors[0].contains(part), "\(outcome.errors)") }
    }
    #expect(try runs.text("a/runs.csv") == before)
  }

  @Test func dataThatHaveChangedAreRefused() throws {
    let file = try runs.textFile()
    let words = [
      "sweep", "text", "--vary", "file=\(file)", "--hidden", "2", "--batch", "2", "--steps", "2",
      "--window", "4", "--seeds", "1", "--quiet", "--out", runs.path("a"),
    ]
    #expect(runs.run(words).status == .done)
    _ = try runs.file("book.txt", String(repeating: "the dog sat on the mat\n", count: 8))
    let outcome = runs.run(words)
    #expect(outcome.status == .failed && outcome.errors.count == 1)
    #expect(outcome.errors[0].contains("data_hash"), "\(outcome.errors)")
  }

  @Test func foldersThatDoNotFitAreNotMerged() throws {
    sweep(["--vary", "hidden=2,3"], out: "a")
    sweep(["--vary", "hidden=2"], out: "b")
    sweep(["--vary", "layers=1"], out: "other")
    sweep(["--vary", "hidden=2", "--optimizer", "sgd"], out: "sgd")
    let text = try runs.text("b/runs.csv")
    let merge = ["merge", "--out", runs.path("new"), runs.path("a")]
    let rows = text.split(separator: "\n")
    let norm = try #require(
      rows[1].split(separator: ",", omittingEmptySubsequences: false).dropFirst(11).first)
    _ = try runs.file("b/runs.csv", text.replacing(norm, with: "0.5"))
    let run = rows[1].prefix(12)
    expectRefusal(
      merge + [runs.path("b")], .failed,
      saying: ["run \(run): mean_norm is \(norm)", "0.5", "was changed"])
    expectRefusal(merge + [runs.path("other")], .failed, saying: ["of different sweeps"])
    expectRefusal(
      merge + [runs.path("sgd")], .failed, saying: ["--optimizer sgd", "of different sweeps"])
    expectRefusal(merge + [runs.path("a") + "/"], saying: ["given twice"])
    try FileManager.default.createDirectory(
      atPath: runs.path("nothing"), withIntermediateDirectories: true)
    expectRefusal(merge + [runs.path("nothing")], .failed, saying: ["no run's folder"])
    expectRefusal(
      ["merge", runs.path("a"), "--out", runs.path("a")], saying: ["one of the folders"])
    expectRefusal(
      ["merge", runs.path("a"), runs.path("nowhere")], .failed, saying: ["nowhere: no such file"])
    expectRefusal(["merge"], saying: ["merge needs DIR"])
    _ = try runs.file("b/runs.csv", text.replacing("unsolved", with: "unsolvd"))
    expectRefusal(merge + [runs.path("b")], .failed, saying: ["b/runs.csv", "line 2 is no result"])
  }

  /// A row that says another setting than its run's name stands for was changed.
  @Test func changedSettingsOfRowsAreRefused() throws {
    sweep(["--vary", "hidden=2,3", "--vary", "clip=none,1"], out: "a")
    let text = try runs.text("a/runs.csv")
    let rows = text.split(separator: "\n")
    let changed = rows[2].replacing(",none,", with: ",nonee,")
    _ = try runs.file("a/runs.csv", text.replacing(rows[2], with: changed))
    let said = ["a/runs.csv", "line 3 has", "2,nonee,2", String(rows[2].prefix(12)), "2,none,2"]
    sweep(["--vary", "hidden=2,3", "--vary", "clip=none,1"], out: "b")
    expectRefusal(
      ["merge", runs.path("b"), runs.path("a"), "--out", runs.path("new")], .failed, saying: said)
    expectRefusal(
      ["sweep", "--config", runs.path("a/config.json"), "--out", runs.path("a")], .failed,
      saying: said)
    // Nor is a row merged whose run and setting are of no sweep.
    let foreign = rows[2].replacing(rows[2].prefix(12), with: "ffffffffffff")
      .replacing("2,none,2", with: "7,none,2")
    _ = try runs.file("a/runs.csv", text.replacing(rows[2], with: foreign))
    expectRefusal(
      ["merge", runs.path("b"), runs.path("a"), "--out", runs.path("new")], .failed,
      saying: ["a/runs.csv", "line 3 has the setting 7,none,2", "config.json"])
  }

  /// Where no row can be cut as the header is, the header is no name of an option.
  @Test func aGridWhoseRowsLackAFieldIsRefused() throws {
    let grid = try runs.file("grid.csv", "hidden,batch\n8\n9\n")
    expectRefusal(
      ["sweep", "adding", "--grid", grid, "--out", runs.path("new")], .failed,
      saying: ["grid.csv, line 2: 1 field; the header has 2"])
  }

  /// The beginning of a run's name is enough where no other begins so. Of 18 runs, two begin with one
  /// hexadecimal digit.
  @Test func beginningsOfSeveralRunsAreRefused() throws {
    sweep(["--vary", "hidden=1,2,3,4,5,6,7,8,9"], out: "a")
    let names = try runs.text("a/runs.csv").split(separator: "\n").dropFirst().map { $0.prefix(12) }
    let digits = Dictionary(grouping: names) { $0.prefix(1) }
    let (digit, found) = try #require(digits.first { $1.count > 1 })
    expectRefusal(
      ["train", "--sweep", runs.path("a"), "--run", String(digit), "--out", runs.path("new")],
      saying: ["--run \(digit)", "\(found.count) runs whose names begin so, such as \(digit)"])
  }

  /// A folder that adds no run is named.
  @Test func foldersWithoutRunsAreNamed() throws {
    for out in ["a", "b"] { sweep(["--vary", "hidden=2"], out: out) }
    let header = try #require(try runs.text("b/runs.csv").split(separator: "\n").first)
    _ = try runs.file("b/runs.csv", header + "\n")
    let outcome = runs.run(
      ["merge", runs.path("a"), runs.path("b"), "--out", runs.path("new"), "--quiet"])
    #expect(outcome.status == .done)
    #expect(outcome.errors.contains { $0.contains("/b has no runs on record") })
    #expect(try runs.text("new/runs.csv") == runs.text("a/runs.csv"))
  }

  /// The mean norm of the same pass is the same in all folders.
  @Test func changedMeanNormsAreRefused() throws {
    for out in ["a", "b"] { sweep(["--vary", "clip=2x", "--norm-steps", "2"], out: out) }
    let text = try runs.text("b/norms.csv")
    let fields = text.split(separator: "\n")[1].split(separator: ",")
    _ = try runs.file("b/norms.csv", text.replacing(fields[1], with: "9.9"))
    expectRefusal(
      ["merge", runs.path("a"), runs.path("b"), "--out", runs.path("new")], .failed,
      saying: [String(fields[0]), "mean_norm is \(fields[1])", "9.9"])
  }

  @Test func runsThatASweepDoesNotHaveAreRefused() throws {
    sweep(["--vary", "hidden=2"], out: "a")
    let train = ["train", "--out", runs.path("new")]
    expectRefusal(train + ["--sweep", runs.path("a")], saying: ["needs --run"])
    expectRefusal(train + ["--sweep", runs.path("a"), "--run", "xyz"], saying: ["no such run"])
    expectRefusal(train + ["--run", "abc"], saying: ["left out without --sweep"])
    expectRefusal(
      train + ["--sweep", runs.path("a"), "--run", "abc", "--hidden", "3"],
      saying: ["--sweep and --hidden exclude each other"])
  }
}

extension BadSweepTests {
  /// Seeds that pass the largest number, which only an edited file has.
  @Test func seedsBeyondTheLargestAreRefused() throws {
    let config = """
      {"command": "sweep", "options": {"seed": 9223372036854775807, "seeds": 5, "vary": ["hidden=2"]}}
      """
    try FileManager.default.createDirectory(
      atPath: runs.path("edited"), withIntermediateDirectories: true)
    _ = try runs.file("edited/config.json", config)
    let merged = runs.run(["merge", runs.path("edited"), "--out", runs.path("new")])
    #expect(merged.status == .failed && merged.errors.count == 1, "\(merged.errors)")
    let again = runs.run(["train", "--sweep", runs.path("edited"), "--run", "a"])
    #expect(again.status == .usage && again.errors.count == 1, "\(again.errors)")
  }
}
