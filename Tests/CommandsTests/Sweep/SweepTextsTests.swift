import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// What sweeps, plans and comparisons of thresholds say in their tables and errors.
struct SweepTextsTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private static let tiny = [
    "adding", "--length", "4", "--hidden", "3", "--steps", "4", "--validation-sequences", "4",
    "--test-sequences", "4",
  ]

  private func sweep(_ words: [String]) -> TemporaryRuns.Outcome {
    runs.run(["sweep"] + Self.tiny + words + ["--quiet", "--out", runs.path("new")])
  }

  /// An error that all settings have is none of the first.
  @Test func onlyASettingsOwnErrorNamesIt() {
    func error(_ words: [String]) -> String? {
      let outcome = sweep(words)
      #expect(outcome.status != .done && outcome.errors.count == 1, "\(outcome.errors)")
      return outcome.errors.last
    }
    #expect(
      error(["--vary", "batch=2,3", "--cell", "lstm", "--activation", "relu"])?
        .hasPrefix("unroll: --activation relu") == true)
    #expect(
      error(["--vary", "cell=rnn,lstm", "--activation", "relu"])?
        .hasPrefix("unroll: the setting cell lstm: --activation relu") == true)
    #expect(
      error(["--vary", "batch=2,3", "--model", "nowhere"]) == "unroll: nowhere: no such file")
    #expect(runs.files(in: "new") == nil)
  }

  /// A file that is missing is no wrong usage, where an option is varied either.
  @Test func aMissingFileIsNoUsage() {
    let (_, model) = runs.train("adding", ["--length", "4"])
    for values in [runs.path("nowhere"), "\(model),\(runs.path("nowhere"))"] {
      let words = ["sweep", "adding", "--length", "4", "--vary", "model=\(values)"]
      let outcome = runs.run(words + ["--out", runs.path("new")])
      #expect(outcome.status == .failed && outcome.errors.count == 1)
      #expect(outcome.errors.last?.contains("nowhere: no such file") == true, "\(outcome.errors)")
    }
  }

  @Test(arguments: [
    ("seeds=1,2", "--vary seeds: it is given for all runs: --seeds N"),
    ("keep=none", "--vary keep: it is for the whole sweep: --keep"),
    ("norm-steps=5", "--vary norm-steps: it is for the whole sweep: --norm-steps"),
  ])
  func optionsOfTheSweepAreNotVaried(variation: String, said: String) {
    let outcome = sweep(["--vary", variation])
    #expect(outcome.status == .usage)
    #expect(outcome.errors.last?.contains(said) == true, "\(outcome.errors)")
  }

  /// The note says when a run counts as solved, unless settings differ in it.
  @Test func theCriterionIsSaid() {
    let plain = sweep(["--vary", "clip=none,1", "--seeds", "1"]).out
    #expect(plain.contains("solved the task (validation loss below 0.01), of all\n"))
    #expect(plain.contains("\n95%      interval of that share, in percent\n"))
    let base = ["sweep"] + Self.tiny + ["--quiet", "--seeds", "1", "--out"]
    let varied = runs.run(base + [runs.path("b"), "--vary", "solve-at=0.1,0.2"]).out
    #expect(varied.contains("solved the task (each setting by its own criterion)"))
    let clip = runs.run(
      ["clip"] + Self.tiny.filter { !["--test-sequences"].contains($0) }.dropLast() + [
        "--thresholds", "1", "--seeds", "1", "--solve-at", "0.125", "--quiet", "--out",
        runs.path("c"),
      ])
    #expect(clip.out.contains("(validation loss below 0.125)"), "\(clip.errors)")
    #expect((try? runs.text("c/clip.gp").contains("solved: validation loss below 0.125")) == true)
    #expect(
      (try? runs.text("c/clip.gp").contains("effective step: norm after / before clipping"))
        == true)
  }

  /// Lists that say the same twice are refused, however it is written.
  @Test(arguments: [
    (["--thresholds", "none,1,1.0"], "--thresholds none,1,1.0: value 3 is value 2 again, norm:1"),
    (["--windows", "5,full,5"], "--windows 5,full,5: value 3 is value 1 again, 5"),
    (["--cells", "rnn,rnn"], "--cells rnn,rnn: value 2 is value 1 again, rnn"),
    (["--surface", "--thresholds", "1,norm:1"], "value 2 is value 1 again, norm:1"),
  ])
  func repeatedValuesOfAComparisonAreRefused(words: [String], said: String) {
    let outcome = runs.run(["clip"] + words + ["--out", runs.path("new")])
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(outcome.errors.last?.contains(said) == true, "\(outcome.errors)")
    #expect(runs.files(in: "new") == nil)
  }

  /// With few pairs no p can be significant, which is said; with more, how small it can be.
  @Test func whatPairsCanShowIsSaid() {
    func text(_ seeds: Int) -> String {
      runs.run(
        ["sweep"] + Self.tiny + [
          "--vary", "clip=none,0.1", "--seeds", "\(seeds)", "--against", "clip=none", "--quiet",
          "--out", runs.path("\(seeds)"),
        ]
      ).out.replacing("\n", with: " ")
    }
    #expect(text(1).contains("With 1 pair no difference can be significant: p is at least 1.000"))
    #expect(text(5).contains("With 5 pairs no difference can be significant: p is at least 0.062"))
    let seven = text(7)
    #expect(seven.contains("With 7 pairs p is at least 0.016 before the adjustment."))
    #expect(seven.contains("95%         interval of that median"))
    #expect(seven.contains(#/difference +95%  Wilcoxon  here\/there  McNemar/#), "\(seven)")
    // Both ends have a sign.
    #expect(seven.contains(#/[-+]\S+ to [-+]\S+  +\d\.\d\d\d/#))
  }

  /// A table whose names leave no room has letters, which its key explains; no value is cut.
  @Test func namesThatLeaveNoRoomStandInAKey() {
    let outcome = sweep([
      "--vary", "learning-rate=0.001,0.01", "--vary", "cell=rnn,lstm/forget-bias=1",
      "--vary", "optimizer=adam,rmsprop", "--vary", "weight-decay=0,0.001", "--seeds", "1",
    ])
    // A name that is no wider than its values stays.
    #expect(outcome.out.contains("a learning-rate, c optimizer, d weight-decay\n"))
    #expect(outcome.out.contains("    a  cell  c            d  solved   95%"), "\(outcome.out)")
    #expect(outcome.out.contains("0.001  rnn   rmsprop      0"))
    for line in outcome.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  /// What `plan` says of a model names `plan`.
  @Test func aModelWithoutATaskIsRefusedInThePlansWords() throws {
    let (_, model) = runs.train("copy", ["--length", "4"])
    let other = try runs.copy(of: model, named: "other.safetensors") { $0 = [:] }
    let outcome = runs.run([
      "plan", "--model", other, "--ranks", "2", "--bandwidth", "1GB", "--latency", "0",
      "--cell", "lstm",
    ])
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(
      outcome.errors.last?.contains("accepted: a task, unroll plan TASK --model FILE") == true,
      "\(outcome.errors)")
  }

  /// Files of other commands give what all runs share, and what is passed over is said.
  @Test func configurationsAreShared() throws {
    let made = runs.run(
      ["sweep"] + Self.tiny + [
        "--vary", "clip=none,1", "--seeds", "1", "--batch", "3", "--quiet", "--out", runs.path("s"),
      ])
    #expect(made.status == .done, "\(made.errors)")
    let network = ["--ranks", "2", "--bandwidth", "1GB", "--latency", "0", "--budget", "0.01"]
    let plan = runs.run(["plan", "--config", runs.path("s/config.json"), "--json"] + network)
    #expect(plan.status == .done && plan.json["batch"]?.int == 3, "\(plan.errors)")
    #expect(plan.json["latency_seconds"]?.double == 0)
    #expect(
      plan.errors.first
        == "--vary of \(runs.path("s/config.json")) says nothing to unroll plan, and is passed over"
    )
    _ = runs.train("adding", ["--length", "4", "--stop-when-solved"])
    let swept = runs.run([
      "sweep", "--config", runs.path("train-adding/config.json"), "--vary", "clip=none,1",
      "--seeds", "2", "--out", runs.path("fromTrain"),
    ])
    #expect(swept.status == .done, "\(swept.errors)")
    #expect(swept.errors.contains { $0.hasPrefix("--stop-when-solved of ") }, "\(swept.errors)")
    let config = try JSONValue(contentsOf: runs.path("fromTrain/config.json"))["options"]
    #expect(config?["length"] == 4 && config?["precision"] == "double" && config?["seeds"] == 2)
    // Those of other commands are refused as before.
    let refused = runs.run(["plan", "--config", runs.path("clip.json")] + network)
    #expect(refused.status == .failed)
    _ = try runs.file("clip.json", #"{"command": "clip", "options": {"thresholds": "1"}}"#)
    let clip = runs.run(["sweep", "--config", runs.path("clip.json"), "--out", runs.path("new")])
    #expect(clip.status == .usage)
    #expect(
      clip.errors.last?.contains("unroll clip, and a run of unroll sweep or train is accepted")
        == true, "\(clip.errors)")
  }

  /// Where rows have unequally many pairs, the least p of both ends is said.
  @Test func theLeastPIsThatOfTheRows() {
    for (values, seeds) in [("none,1", "8"), ("none,0.1", "1-6")] {
      _ = sweep(["--vary", "clip=\(values)", "--seeds", seeds])
    }
    let text = sweep(["--vary", "clip=none", "--seeds", "8", "--against", "clip=none"]).out
      .replacing("\n", with: " ")
    #expect(
      text.contains("With 6 to 8 pairs p is at least 0.031 with 6 and 0.008 with 8, before the"),
      "\(text)")
  }

  /// Both tables name settings in the same way, which one key explains, next to them.
  @Test func oneKeyIsOfBothTables() throws {
    let long = "rnn/activation=relu/init=identity:1"
    let out = sweep([
      "--vary", "cell=\(long),lstm", "--vary", "clip=none,0.1", "--seeds", "6",
      "--against", "clip=none",
    ]).out
    let lines = out.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let key = try #require(lines.firstIndex { $0.hasSuffix(": \(long)") })
    let short = lines[key].dropLast(": \(long)".count)
    #expect(lines.count { $0.contains(long) } == 1)
    #expect(lines.count { $0.hasPrefix(short + " ") } == 3, "\(out)")
    // It stands below the first table.
    #expect(lines[key - 1].hasPrefix("lstm"), "\(out)")
    for line in lines { #expect(line.count <= 80, "\(line)") }
  }

  /// Several tasks have their lengths and baselines in the head.
  @Test func tasksHaveLengthsAndBaselines() {
    let out = runs.run(
      ["sweep"] + Self.tiny.dropFirst() + [
        "--vary", "task=adding,copy", "--seeds", "1", "--quiet", "--out", runs.path("new"),
      ]
    ).out.replacing("\n         ", with: " ")
    #expect(out.contains("  T 4 in adding, 24 in copy, "), "\(out)")
    #expect(out.contains(#/baselines 0.1667 in adding, 0\.\d+ in copy/#), "\(out)")
  }

  /// The head of a sweep has of the cell what all settings share.
  @Test func theHeadLeavesOutWhatIsVaried() {
    let out = sweep([
      "--cell", "rnn/activation=relu", "--vary", "init=identity:1,orthogonal", "--seeds", "1",
    ]).out
    #expect(out.contains("  T 4, rnn/activation=relu, H 3"), "\(out)")
  }

  /// A squared error and a cross-entropy have no difference.
  @Test func lossesOfTwoTasksAreNotCompared() {
    let out = runs.run(
      ["sweep"] + Self.tiny.dropFirst() + [
        "--vary", "task=adding,copy", "--seeds", "1", "--against", "task=adding", "--quiet",
        "--out",
        runs.path("new"),
      ]
    ).out
    #expect(
      out.contains("-           losses of different kinds, which have no difference"), "\(out)")
    #expect(!out.contains("To reach 0.05"), "\(out)")
  }

  /// An extended sweep has the baselines of its earlier settings too.
  @Test func earlierTasksHaveBaselines() {
    for task in ["adding", "copy"] {
      let out = runs.run(
        ["sweep"] + Self.tiny.dropFirst() + [
          "--vary", "task=\(task)", "--seeds", "1", "--quiet", "--out", runs.path("new"),
        ]
      ).out.replacing("\n         ", with: " ")
      #expect(out.contains("in copy") == (task == "copy"))
      #expect(out.contains("; baselines 0.1667 in adding, ") == (task == "copy"), "\(out)")
    }
  }

  /// Losses of runs that ended at different updates are said to be, compared or not.
  @Test func lossesAfterDifferentUpdatesAreSaid() {
    let note = "Runs ended when solved, so these losses are taken after different updates."
    let easy = ["--vary", "clip=none,1", "--seeds", "1", "--solve-at", "9", "--solve-every", "1"]
    let stopped = runs.run(
      ["sweep"] + Self.tiny + easy + ["--stop", "solved", "--quiet", "--out", runs.path("b")])
    #expect(stopped.out.contains(note) && stopped.out.contains("up to 4 updates"))
    #expect(!sweep(easy).out.contains(note))
    let clip = runs.run(
      ["clip"] + Self.tiny.dropLast(2) + [
        "--thresholds", "1", "--seeds", "1", "--solve-at", "9", "--quiet", "--out", runs.path("c"),
      ])
    #expect(clip.out.contains(note), "\(clip.errors)")
  }
}
