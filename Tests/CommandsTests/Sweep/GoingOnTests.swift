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

  /// Every option is either in config.json, which --config reads, or in the line, or says nothing to a call
  /// that goes on.
  @Test(arguments: [Command.sweep, .clip])
  func noOptionIsLost(command: Command) throws {
    for spec in command.options where !spec.isRecorded {
      if Arguments.ofOneCall.contains(spec.name) { continue }
      var words = ["--\(spec.name)"]
      if case .flag = spec.kind {} else { words.append("2/3") }
      let line = try Self.arguments(command, ["adding"] + words).commandGoingOn(in: "runs/a")
      #expect(line.hasSuffix(" " + words.joined(separator: " ")), "\(line)")
    }
    let flags = command.options.filter { if case .flag = $0.kind { true } else { false } }
    for spec in flags where spec.isRecorded {
      let given = try Self.arguments(command, ["adding", "--\(spec.name)"])
      #expect(given.recordedOptions[spec.name] == true, "\(spec.name)")
    }
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
