import Foundation
import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// What `unroll clip` refuses, before anything is written.
struct ClipUsageTests {
  @Test(arguments: [
    (["--thresholds", "1,-1"], "--thresholds 1,-1: '-1': must be none, norm:τ, value:τ, tensor:τ"),
    (
      ["--thresholds", "1,-2x"],
      "--thresholds 1,-2x: '-2x': must be a positive number with x: 2x or norm:2x"
    ),
    (["--norm-steps", "0"], "--norm-steps 0: must be a whole number from 1 to"),
    (["--thresholds", ""], "--thresholds '': must be none"),
    (["--windows", "full,5:3"], "--windows full,5:3: '5:3': must be full, K or K1:K2"),
    (["--cells", "rnn,tcn"], "--cells rnn,tcn: 'tcn': must be rnn"),
    (["--regularize", "omega:1"], "--regularize omega:1: must be none with the cell lstm"),
    (["--seeds", "0"], "--seeds 0: must be a whole number from 1 to"),
    (
      ["--seed", "\(Int.max)"],
      "--seed \(Int.max): must be at most \(Int.max - 5) where --seeds is 5"
    ),
    (["--clip", "1", "--thresholds", "none"], "--clip and --thresholds exclude each other"),
    (["--window", "5"], "unknown option '--window'; did you mean '--windows'?"),
    (
      ["--activation", "relu", "--cells", "lstm"],
      "--activation relu: must be left out; it is for the cell rnn"
    ),
    (["nothing"], "TASK nothing: must be adding, copy"),
    (["text"], "the task 'text' needs --file"),
    (["--hidden", "65536", "--layers", "64"], "these sizes need "),
    // One run fits, a thousand side by side do not.
    (
      ["--hidden", "16384", "--threads", "1000", "--seeds", "1000", "--length", "2"],
      "these sizes need "
    ),
  ])
  func isOneLineAndWritesNothing(words: [String], expected: String) throws {
    let folder = try ClipFolder()
    let result = folder.run(["clip"] + words, out: "run")
    #expect(result.status == .usage && result.out.isEmpty)
    #expect(result.err.hasPrefix("unroll: \(expected)"), "\(result.err)")
    #expect(result.err.count { $0 == "\n" } == 1)
    #expect(!folder.exists("run"))
  }

  @Test func aStreamTakesNoFullWindow() throws {
    let folder = try ClipFolder()
    let text = folder("text")
    try String(repeating: "To be, or not to be. ", count: 50)
      .write(toFile: text, atomically: true, encoding: .utf8)
    let result = folder.run(["clip", "text", "--file", text, "--windows", "5,full"], out: "run")
    #expect(result.status == .usage)
    #expect(result.err.hasPrefix("unroll: --windows 5,full: must be K or K1:K2 for text"))
    #expect(!folder.exists("run"))

    let words = [
      "clip", "text", "--file", text, "--windows", "5,2:4", "--hidden", "4", "--batch", "2",
      "--steps", "10", "--seeds", "1",
    ]
    #expect(folder.run(words, out: "run").status == .done)
    #expect(try folder.lines().allSatisfy { $0.contains(",unsolved,,") })
  }

  @Test func everyOptionHasADefault() throws {
    guard case .arguments(let arguments) = try ArgumentParser(command: .clip).parse([]) else {
      Issue.record("expected arguments, got help")
      return
    }
    let sweep = try ClipSweep(arguments)
    #expect(try arguments.taskName() == "adding")
    #expect(sweep.runs(ownWindow: .full).count == 2 * 4 * 5)
  }

  /// More runs than a comparison may have are refused before one is made, however seeds are given.
  @Test(arguments: [
    (["--seeds", "500001"], "2 x 500,001 runs: must be at most 1,000,000"),
    (["--seeds", "1-300000,400000-700000"], "2 x 600,001 runs: must be at most 1,000,000"),
    (["--seeds", "1-600000,700000-1100001"], "a whole number from 1 to 1,000,000, or the seeds"),
  ])
  func tooManyRunsAreRefused(words: [String], said: String) throws {
    let runs = try TemporaryRuns()
    let outcome = runs.run(
      ["clip", "adding", "--thresholds", "none,1", "--cells", "rnn", "--out", runs.path("new")]
        + words)
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(outcome.errors.last?.contains(said) == true, "\(outcome.errors)")
    #expect(runs.files(in: "new") == nil)
  }
}
