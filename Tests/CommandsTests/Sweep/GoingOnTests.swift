import Testing
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// The command line that an interrupted comparison says goes on with it.
struct GoingOnTests {
  private static func arguments(_ command: Command, _ words: [String]) throws -> Arguments {
    guard case .arguments(let arguments) = try ArgumentParser(command: command).parse(words) else {
      throw UsageError.unknownOption("--help", nearest: nil)
    }
    return arguments
  }

  /// Every option is in config.json, which --config reads, but for the shard, which the line has, and those
  /// that say nothing to a call that goes on.
  @Test func noOptionIsLost() throws {
    func unrecorded(_ command: Command) -> Set<String> {
      Set(command.options.filter { !$0.isRecorded }.map(\.name))
    }
    #expect(unrecorded(.sweep) == ["config", "out", "json", "quiet", "shard"])
    #expect(unrecorded(.clip) == ["config", "out", "json", "quiet", "clip"])
    let line = try Self.arguments(.sweep, ["--shard", "2/3"]).commandGoingOn(in: "runs/a")
    #expect(line.hasSuffix(" --shard 2/3"))
  }

  @Test func theLineNamesTheFolder() throws {
    let given = try Self.arguments(
      .sweep, ["--shard", "1/4", "--tensorboard", "--quiet", "--out", "a b"])
    #expect(
      given.commandGoingOn(in: "a b")
        == "unroll sweep --config 'a b/config.json' --out 'a b' --shard 1/4")
    #expect(given.recordedOptions["tensorboard"] == true)
  }

  /// What a run of train was given, its checkpoint has, from which --resume goes on.
  @Test func trainRecordsWhatMatters() {
    let lost = Command.train.options.filter { !$0.isRecorded }.map(\.name)
    #expect(
      Set(lost) == [
        "sweep", "run", "resume", "accept-changed-data", "reschedule", "config", "out", "json",
        "quiet",
      ])
  }

  /// A run's name does not depend on whether it is recorded for TensorBoard.
  @Test func tensorBoardChangesNoName() throws {
    let runs = try TemporaryRuns()
    let words = [
      "sweep", "adding", "--length", "4", "--hidden", "3", "--steps", "2", "--vary", "batch=2,3",
      "--seeds", "1", "--validation-sequences", "4", "--test-sequences", "4", "--quiet", "--out",
      runs.path("a"),
    ]
    #expect(runs.run(words).status == .done)
    let (rows, again) = (try runs.text("a/runs.csv"), runs.run(words + ["--tensorboard"]))
    #expect(again.status == .done, "\(again.errors)")
    #expect(try runs.text("a/runs.csv") == rows)
    // Nor does a run that goes on need the same.
    let train = ["train", "adding", "--length", "4", "--hidden", "3", "--quiet", "--steps"]
    #expect(runs.run(train + ["2", "--out", runs.path("t")]).status == .done)
    let resumed = runs.run([
      "train", "--resume", runs.path("t/checkpoint.safetensors"), "--steps", "4", "--tensorboard",
      "--quiet",
    ])
    #expect(resumed.status == .done, "\(resumed.errors)")
  }
}
