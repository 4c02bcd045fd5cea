import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// Each mistake is one line, and leaves no folder.
struct DecayUsageTests {
  static let lstm = TemporaryRuns.golden("pytorch-lstm")
  static let batch = TemporaryRuns.golden("pytorch-batch")

  @Test(arguments: [
    (["--model", lstm, "--steps", "5"], "--model and --steps exclude each other"),
    (["--model", lstm, "--hidden", "5"], "--hidden 5: must be 30, that of"),
    (["--model", lstm, "--layers", "7"], "--layers 7: must be "),
    (["--model", lstm, "--cells", "rnn"], "--cells rnn: must be lstm, that of"),
    (["--model", lstm, "--initial-state", "learned"], "--initial-state learned: must be zero"),
    (["--model", lstm, "--activation", "relu"], "left out for a model of the cell lstm"),
    (
      ["--model", lstm, "--inputs", batch, "--clip", "state:1"],
      "--clip state:1: must be left out where nothing is trained (--steps N trains)"
    ),
    (["--l2", "5"], "--l2 5: must be left out where nothing is trained"),
    (["--inputs", batch, "--task", "adding"], "--inputs and --task exclude each other"),
    (["--inputs", batch, "--length", "50"], "--inputs and --length exclude each other"),
    (["--cells", "rnn,rnn"], "--cells rnn,rnn: must be cells that are written differently"),
    (["--cells", "tcn"], "--cells tcn: must be rnn"),
    (
      ["--cells", "rnn", "--forget-bias", "1"],
      "--forget-bias 1: must be left out; it is for the cell lstm"
    ),
    (["--task", "adding2"], "did you mean 'adding'?"),
    (["adding"], "unexpected argument 'adding'; did you mean '--task adding'?"),
    (["--cells", "rnn", "lstm"], "did you mean '--cells rnn,lstm'?"),
    (["--file", "x"], "--file x: must be left out with the task adding; it is for text, series"),
    (["--task", "text"], "needs --file"),
    (["--length", "1"], "--length 1: the task 'adding' takes lengths from 2 on"),
    (["--loss-at", "first"], "--loss-at first: must be last or all"),
    (["--length", "1000000", "--batch", "65536"], "GB of memory"),
    (["--needs", "5"], "--needs 5: must be left out without --remedies"),
    (["--remedies", "--needs", "0"], "--needs 0: must be a whole number from 1"),
    (["--remedies", "--needs", "x"], "--needs x: must be a whole number from 1"),
    (
      ["--remedies", "--needs", "100"],
      "--needs 100: must be at most 99: the sequences have 100 steps"
    ),
    (["--remedies", "--loss-at", "all"], "--loss-at all: must be last with --remedies"),
    (["--window", "5"], "--window 5: must be left out where nothing is trained"),
    (
      ["--remedies", "--model", lstm, "--inputs", batch],
      "joined by --needs K for --remedies: the lag that the targets need"
    ),
    (["--recompute", "every:-1"], "--recompute every:-1: must be auto, every:N"),
    (["--recompute", "memory:10KB"], "--recompute memory:10KB is too little for these sizes"),
    (["--hidden", "65536", "--layers", "64", "--batch", "65536", "--steps", "1"], "GB of memory"),
  ])
  func wrongUsageIsOneLine(words: [String], expected: String) throws {
    let workspace = try Workspace()
    workspace.expectRefusal(
      ["decay", "--out", workspace("run")] + words, .usage, saying: [expected])
  }

  @Test func filesThatCannotBeUsedAreNamed() throws {
    let runs = try TemporaryRuns()
    let five = try runs.arraysFile {
      $0.append("y", shape: [5, 1], Array(repeating: 0.5, count: 5))
    }
    let empty = try runs.file("empty.safetensors", "")
    let model = runs.train("adding", ["--length", "6"]).model
    let strange = try runs.copy(of: model, named: "strange.safetensors") { $0["config"] = "{" }
    let cases: [(words: [String], expected: String)] = [
      (["--model", "absent.safetensors"], "absent.safetensors: no such file"),
      (["--model", empty], "is empty"),
      (["--model", Self.batch], "no tensor 'weight_ih_l0'"),
      (["--model", Self.lstm, "--inputs", Self.lstm], "no tensor 'x'"),
      (["--model", Self.lstm, "--inputs", five], "takes 2 and gives 1 number a step"),
      (["--model", strange], "the metadata 'config'"),
      (["--out", "/dev/null/x"], "/dev/null"),
    ]
    for (words, expected) in cases {
      let out = words.contains("--out") ? [] : ["--out", runs.path("run")]
      let outcome = runs.run(["decay"] + words + out)
      #expect(outcome.status == .failed, "\(words)")
      #expect(
        outcome.errors.count == 1 && outcome.errors[0].contains(expected), "\(outcome.errors)")
      #expect(outcome.out.isEmpty && runs.files(in: "run") == nil)
    }
  }

  @Test func aStreamShorterThanItsStretchesIsRefused() throws {
    let runs = try TemporaryRuns()
    let words = ["decay", "--task", "series", "--file", try runs.seriesFile(), "--column", "level"]
    let outcome = runs.run(words + ["--length", "50", "--out", runs.path("run")])
    #expect(outcome.status == .usage)
    #expect(
      outcome.errors == ["unroll: --length 50: the task 'series' takes lengths 1 to 17"])
  }
}
