import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport
import UnrollText

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// `unroll clip` from its words to its files.
struct ClipCommandTests {
  let folder: ClipFolder

  init() throws { folder = try ClipFolder() }

  @Test func aRunHasTheNumbersOfTrain() throws {
    let words = ["--learning-rate", "0.05", "--solve-at", "0.12"]
    let lists = ["--cells", "rnn,lstm", "--thresholds", "0.1", "--seed", "3", "--seeds", "2"]
    #expect(folder.run(ClipFolder.small("clip", lists + words), out: "run").status == .done)
    let runs = try #require(try JSONValue(contentsOf: folder("run/summary.json"))["runs"]?.array)
    #expect(runs.count == 4)
    var solved = 0
    for run in runs {
      let cell = try #require(run["cell"]?.string)
      let seed = try #require(run["seed"]?.int)
      let out = "train-\(cell)-\(seed)"
      let train = ClipFolder.small(
        "train",
        [
          "adding", "--cell", cell, "--seed", "\(seed)", "--clip", "0.1", "--threads", "1",
          "--stop-when-solved",
        ] + words)
      #expect(folder.run(train, out: out).status == .done)
      let summary = try JSONValue(contentsOf: folder("\(out)/summary.json"))
      for (ours, its) in [
        ("final_loss", "validation_loss"), ("steps_to_solve", "steps_to_solve"),
        ("clipped_fraction", "clipped_fraction"), ("mean_norm", "mean_gradient_norm"),
      ] {
        #expect(run[ours] == summary[its], "\(ours) of \(cell), seed \(seed)")
      }
      #expect((run["outcome"] == "solved") == (summary["solved"] == true))
      if run["outcome"] == "solved" { solved += 1 }
    }
    #expect(solved > 0, "the settings are to solve some run, so that stopping is compared as well")
  }

  @Test func numbersDoNotDependOnCompanyOrThreads() throws {
    let lists = ["--cells", "rnn,lstm", "--thresholds", "none,0.1", "--seeds", "3"]
    #expect(
      folder.run(ClipFolder.small("clip", lists + ["--threads", "3"]), out: "a").status == .done)
    #expect(
      folder.run(ClipFolder.small("clip", lists + ["--threads", "1"]), out: "b").status == .done)
    #expect(try folder.numbers("a") == folder.numbers("b"))
    #expect(try folder.lines("a").count == 12)

    folder.clip("--cells", "lstm", "--thresholds", "0.1", "--seed", "2", "--seeds", "1", out: "c")
    let alone = try folder.numbers("c")
    #expect(alone.count == 1)
    #expect(try folder.numbers("a").contains(alone[0]))
  }

  @Test func rowsComeInTheOrderOfTheLists() throws {
    folder.clip(
      "--cells", "lstm,rnn", "--thresholds", "10,none,value:0.5", "--seed", "7",
      "--seeds", "2")
    let keys = try folder.lines().map { $0.split(separator: ",").prefix(3).joined(separator: " ") }
    let expected = ["lstm", "rnn"].flatMap { cell in
      ["norm:10", "none", "value:0.5"].flatMap { rule in [7, 8].map { "\(cell) \(rule) \($0)" } }
    }
    #expect(keys == expected)
    #expect(
      try folder.text("run/clip.csv").hasPrefix(
        "cell,threshold,seed,outcome,steps_to_solve,final_loss,clipped_fraction,mean_norm,"
          + "max_norm,seconds,window,effective_step,clip_angle,reference_norm,reference_steps,"
          + "version,kernels,data_hash\n"))
    #expect(!folder.exists("run/clip.csv.partial"))
  }

  @Test func windowsAreComparedUnderOneRule() throws {
    #expect(
      folder.clip("--cells", "rnn", "--windows", "full,2,1:3", "--seeds", "1").status == .done)
    let rows = try folder.lines()
    #expect(
      rows.map { $0.split(separator: ",", omittingEmptySubsequences: false)[10] } == [
        "full", "2", "1:3",
      ])
    #expect(rows.allSatisfy { $0.hasPrefix("rnn,norm:1,1,") })
    folder.clip("--cells", "rnn", "--windows", "full", "--clip", "0.5", "--seeds", "1", out: "b")
    #expect(try folder.lines("b").allSatisfy { $0.hasPrefix("rnn,norm:0.5,1,") })

    folder.clip(
      "--cells", "rnn", "--windows", "full,2", "--thresholds", "none,1", "--seeds", "1", out: "c")
    #expect(try folder.lines("c").count == 4)
    let groups = try JSONValue(contentsOf: folder("c/summary.json"))["groups"]?.array ?? []
    #expect(groups.map { $0["window"] } == ["full", "full", "2", "2"])
    // A full window is the task's own: the same run.
    #expect(try folder.numbers("c")[1].hasPrefix("rnn,norm:1,1,"))
    #expect(try folder.numbers("c")[1] == folder.numbers("run")[0])
  }

  @Test func everyRuleIsCompared() throws {
    let rules = "none,norm:0.1,value:0.01,tensor:0.05,state:0.001,agc:0.001,auto:10"
    #expect(
      folder.clip("--cells", "lstm,gru", "--thresholds", rules, "--seeds", "1").status == .done)
    let runs = try #require(try JSONValue(contentsOf: folder("run/summary.json"))["runs"]?.array)
    #expect(runs.count == 14)
    for run in runs {
      let rule = try #require(run["threshold"]?.string)
      let factor = try #require(run["effective_step"]?.double)
      let angle = try #require(run["clip_angle"]?.double)
      let fraction = try #require(run["clipped_fraction"]?.double)
      #expect(rule == "none" ? fraction == 0 && factor == 1 : fraction > 0 && factor < 1, "\(rule)")
      let scales = ["none", "norm", "auto"].contains { rule.hasPrefix($0) }
      #expect(scales ? angle == 0 : angle > 0 && angle < 90, "\(rule) \(angle)")
      #expect(run["reference_norm"] == .null)
    }
  }

  /// A text has no criterion: nothing says that its runs failed to solve it.
  @Test func aTaskWithoutACriterionIsNotUnsolved() throws {
    try AtomicFile.write(String(repeating: "abcdefgh", count: 60), to: folder("text.txt"))
    func clip(_ words: String...) -> (
      status: UnrollCommandLine.ExitStatus, out: String, err: String
    ) {
      folder.run(
        [
          "clip", "text", "--file", folder("text.txt"), "--cells", "rnn", "--thresholds", "1",
          "--seeds", "2", "--hidden", "3", "--batch", "2", "--steps", "1",
        ] + words, out: words.isEmpty ? "run" : "own")
    }
    let result = clip()
    #expect(result.status == .done, "\(result.err)")
    #expect(result.out.contains("up to 1 update, 2 seeds"))
    #expect(result.out.contains("solved   -: the task text has no criterion; --solve-at sets one"))
    #expect(!result.out.contains("0/2") && !result.err.contains("unsolved"))
    let summary = try JSONValue(contentsOf: folder("run/summary.json"))
    #expect(summary["groups"]?.array?.first?["solved"] == .null)
    #expect(summary["groups"]?.array?.first?["unsolved"] == 2)
    #expect(try folder.lines().allSatisfy { $0.split(separator: ",")[3] == "unsolved" })
    #expect(try !folder.text("run/clip.gp").contains("title 'solved'"))

    // Where a criterion is set, it counts.
    #expect(clip("--solve-at", "100").out.contains("2/2"))
    let own = try JSONValue(contentsOf: folder("own/summary.json"))
    #expect(own["groups"]?.array?.first?["solved"] == 2)
  }

  /// `2x` is twice the mean norm of the same run's first updates without clipping, as train has it.
  @Test func meanNormsAreUnits() throws {
    let words = ["--cells", "rnn", "--seeds", "2", "--norm-steps", "7"]
    let result = folder.run(
      ClipFolder.small("clip", words + ["--thresholds", "0.5x,norm:2x"]), out: "run")
    #expect(result.status == .done)
    #expect(result.err.contains("the mean norm over 7 updates without clipping, 2 times\n"))
    #expect(result.out.contains("x is the mean norm over the first 7 updates"))
    let summary = try JSONValue(contentsOf: folder("run/summary.json"))
    #expect(summary["norm_steps"] == 7)
    let runs = try #require(summary["runs"]?.array)
    #expect(runs.map { $0["threshold"] } == ["norm:0.5x", "norm:0.5x", "norm:2x", "norm:2x"])
    for run in runs {
      let seed = try #require(run["seed"]?.int)
      var train = [
        "adding", "--cell", "rnn", "--seed", "\(seed)", "--threads", "1", "--stop-when-solved",
      ]
      folder.run(
        ClipFolder.small("train", train + ["--clip", "none", "--steps", "7"]), out: "mean-\(seed)")
      let mean = try JSONValue(contentsOf: folder("mean-\(seed)/summary.json"))[
        "mean_gradient_norm"]
      #expect(run["reference_norm"] == mean && mean != .null)
      let factor = run["threshold"] == "norm:2x" ? 2 : 0.5
      train += ["--clip", "norm:\(factor * (mean?.double ?? .nan))"]
      let out = "train-\(seed)-\(factor)"
      #expect(folder.run(ClipFolder.small("train", train), out: out).status == .done)
      let own = try JSONValue(contentsOf: folder("\(out)/summary.json"))
      #expect(run["final_loss"] == own["validation_loss"])
      #expect(run["clipped_fraction"] == own["clipped_fraction"])
    }
  }

  /// Norms under state:τ are those after clipping, and the caption says so where one is compared.
  @Test func theCaptionTellsWhichNorms() {
    let sentence = "under state:τ, norm is that of the gradient already clipped"
    #expect(folder.clip("--thresholds", "1,state:0.1", "--seeds", "1").out.contains(sentence))
    #expect(!folder.clip("--thresholds", "1", "--seeds", "1", out: "b").out.contains(sentence))
    #expect(folder.clip("--windows", "2", "--clip", "state:1", out: "c").out.contains(sentence))
  }

  /// A pass that becomes non-finite has the mean norm of fewer updates than were asked for.
  @Test func aPassThatBreaksOffSaysSo() throws {
    let words = [
      "--cells", "rnn/activation=identity/init=identity:3", "--thresholds", "2x", "--seeds", "1",
      "--optimizer", "sgd", "--learning-rate", "1e6", "--length", "30", "--norm-steps", "40",
    ]
    let result = folder.run(ClipFolder.small("clip", words), out: "run")
    #expect(result.status == .done)
    let run = try #require(
      try JSONValue(contentsOf: folder("run/summary.json"))["runs"]?.array?.first)
    let steps = try #require(run["reference_steps"]?.int)
    #expect((1..<40).contains(steps))
    // The line may be broken anywhere.
    let text = result.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains(", over \(NumberText.count(steps, "update")) only: non-finite after"))
    // Taken up from the file it is the same.
    #expect(folder.run(ClipFolder.small("clip", words), out: "run").out == result.out)
    let whole = folder.clip("--thresholds", "2x", "--seeds", "1", "--norm-steps", "5", out: "b")
    #expect(!whole.out.contains("updates only"))
  }

  /// Without a finite norm there is nothing to multiply: the run goes on without clipping, and ends.
  @Test func noMeanNormIsNoError() throws {
    #expect(
      folder.clip(
        "--cells", "rnn/activation=identity/init=identity:1000", "--thresholds", "2x", "--seeds",
        "1",
        "--length", "400", "--on-nonfinite", "skip", "--norm-steps", "3"
      ).status == .done)
    #expect(try folder.lines().allSatisfy { $0.contains(",diverged,,") && $0.hasSuffix(",") })
  }

  @Test func aDivergedRunIsAResult() throws {
    #expect(
      folder.clip(
        "--cells", "rnn/activation=relu/init=identity:3", "--thresholds", "none", "--seeds", "2",
        "--optimizer", "sgd", "--learning-rate", "1000", "--length", "30"
      ).status == .done)
    #expect(try folder.lines().allSatisfy { $0.contains(",diverged,,") })
    let group = try JSONValue(contentsOf: folder("run/summary.json"))["groups"]?.array?.first
    #expect(group?["diverged"] == 2)
    #expect(group?["median_steps_to_solve"] == .null)
  }

  @Test func jsonIsOneObject() throws {
    let result = folder.clip("--thresholds", "none,1", "--seeds", "2", "--json", "--quiet")
    #expect(result.status == .done && result.err.isEmpty)
    let printed = try JSONValue(parsing: Data(result.out.utf8))
    let written = try JSONValue(contentsOf: folder("run/summary.json"))
    #expect(printed == written)
    #expect(printed["runs"]?.array?.count == 8)
    let group = try #require(printed["groups"]?.array?.first)
    #expect(group["cell"] == "rnn" && group["threshold"] == "none")
    let counts = ["solved", "unsolved", "diverged"].compactMap { group[$0]?.int }
    #expect(counts.count == 3 && counts.reduce(0, +) == 2)
    #expect(group["clipped_fraction"]?.double == 0)
  }

  @Test func theTableFitsEightyColumns() {
    let result = folder.clip(
      "--cells", "rnn/activation=relu/init=identity:1,lstm", "--seeds", "1", "--windows",
      "full,2:3", "--thresholds", "none,value:0.001,norm:0.5x")
    let table = result.out.split(separator: "\n")
    #expect(table.count > 8)
    for line in table where !line.hasPrefix("files") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func theLiveTableFitsEightyColumns() {
    let test = TestTerminal(isTerminal: true, rows: 60)
    let words = ClipFolder.small(
      "clip",
      [
        "--cells", "rnn/activation=relu/init=identity:1,lstm", "--seeds", "2", "--windows",
        "full,2:3", "--thresholds", "none,value:0.001", "--out", folder("run"),
      ])
    #expect(Program.unroll.run(words, on: test.terminal) == .done)
    // The last frame before the table is taken away.
    let frames = test.diagnostics.text.components(separatedBy: "\r")
    let frame = Screen(frames.dropLast().last ?? "").text.split(separator: "\n")
    let rows = frame.filter { $0.hasPrefix("rnn/") || $0.hasPrefix("lstm") }
    #expect(rows.count == 16)
    for row in rows {
      #expect(row.count < 80)
      #expect(row.contains(" loss "), "\(row)")
    }
  }
}
