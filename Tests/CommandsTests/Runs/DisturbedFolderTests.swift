import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// A run's folder that others move, fill or go on with, and what is said of a run that has not ended.
struct DisturbedFolderTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let program = BuiltProgram.url.path
  private static let small = [
    "train", "adding", "--length", "6", "--hidden", "3", "--batch", "2", "--threads", "1",
    "--validation-sequences", "4", "--test-sequences", "4", "--quiet",
  ]

  private func train(_ words: String..., out: String = "run") {
    let outcome = workspace.run(Self.small + words + ["--out", workspace(out)])
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  private func shell(_ line: String) throws -> BuiltProgram.Outcome {
    try BuiltProgram.shell(line, in: workspace.path, environment: [:])
  }

  private static let words = small.map { "'\($0)'" }.joined(separator: " ")

  /// A new run takes the name of one that was moved while it trains.
  @Test func aMovedRunLeavesTheNextOneAlone() throws {
    let outcome = try shell(
      """
      '\(Self.program)' \(Self.words) --steps 100000000 --checkpoint-every 0.001 --out run 2>first & p=$!
      i=0; while ! [ -e run/checkpoint.safetensors ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i+1)); done
      mv run moved; mkdir run
      '\(Self.program)' \(Self.words) --seed 2 --steps 4 --out run || exit 9
      i=0; while kill -0 $p 2>/dev/null && [ $i -lt 600 ]; do sleep 0.1; i=$((i+1)); done
      kill -9 $p 2>/dev/null
      wait $p
      """)
    #expect(outcome.status == 1)
    let lines = try String(decoding: workspace.bytes("first"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 1 && lines[0].contains("run was moved, removed or replaced"), "\(lines)")
    let run = try JSONValue(contentsOf: workspace("run/config.json"))["run"]?.string
    for name in ["checkpoint", "model", "best"] {
      let file = try SafetensorsFile(path: workspace("run/\(name).safetensors"))
      #expect(file.metadata["run"] == run, "\(name)")
    }
    #expect(FileManager.default.fileExists(atPath: workspace("moved/checkpoint.safetensors")))
  }

  /// A shell leaves the tilde of `--out=~/run` as it is.
  @Test func aTildeIsALetter() throws {
    let outcome = try shell(
      "'\(Self.program)' \(Self.words) --steps 4 --out='~/run' && '\(Self.program)' train --quiet --resume='~/run' --steps 6"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    let metrics = try String(decoding: workspace.bytes("~/run/metrics.csv"), as: UTF8.self)
    #expect(metrics.split(separator: "\n").count == 7)
  }

  /// Another process went on with the run between the reading of its checkpoint and the lock.
  @Test func aCheckpointThatWasReplacedIsNotGoneOnFrom() throws {
    train("--steps", "4")
    let path = workspace("run/checkpoint.safetensors")
    let words = ["--resume", path, "--steps", "6"]
    guard case .arguments(let arguments) = try ArgumentParser(command: .train).parse(words) else {
      Issue.record("no arguments")
      return
    }
    let resumed = try ResumedRun(path, arguments)
    try resumed.requireNewest(in: workspace("run"))
    let outcome = workspace.run(["train", "--quiet", "--resume", path, "--steps", "8"])
    #expect(outcome.status == .done)
    #expect(throws: FileError.replaced(path: path)) {
      try resumed.requireNewest(in: workspace("run"))
    }
    // To another folder it goes on from what it has read.
    try resumed.requireNewest(in: workspace.path)
  }

  /// What is on record of the end is of the whole run.
  @Test func aKilledContinuationHasNoSummary() throws {
    train("--steps", "4")
    let outcome = try shell(
      """
      '\(Self.program)' train --resume run --steps 100000000 --checkpoint-every 0.001 --quiet & p=$!
      i=0; while [ -e run/summary.json ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i+1)); done
      kill -9 $p; wait $p
      """)
    #expect(outcome.status == 128 + 9)
    #expect(!workspace.names.contains("run/summary.json"))
    // Its model is of the end before.
    for words in [["evaluate", "--model"], ["decay", "--out", workspace("curves"), "--runs"]] {
      let outcome = workspace.run(words + [workspace("run")])
      #expect(outcome.status == .done)
      #expect(
        outcome.errors.last?.contains("is older than what its run has done since") == true,
        "\(outcome.errors)")
    }
  }

  /// What no update is made under is not on record as the run's settings.
  @Test func anEndedRunTakesNoNewSettings() throws {
    train("--steps", "4")
    let config = try workspace.bytes("run/config.json")
    workspace.expectRefusal(
      ["train", "--quiet", "--resume", workspace("run"), "--learning-rate", "0.5"], .usage,
      saying: ["--learning-rate 0.5: must be left out", "all of its 4 updates", "a larger --steps"])
    #expect(try workspace.bytes("run/config.json") == config)
  }

  /// A figure's file that cannot be written is an error, and the results are there.
  @Test func aFolderInPlaceOfAPictureTakesNoResult() throws {
    train("--steps", "4")
    try FileManager.default.removeItem(atPath: workspace("run/loss.svg"))
    try FileManager.default.createDirectory(
      atPath: workspace("run/loss.svg"), withIntermediateDirectories: true)
    let outcome = workspace.run([
      "train", "--quiet", "--resume", workspace("run"), "--steps", "6",
    ])
    #expect(outcome.status == .failed && outcome.errors.count == 1, "\(outcome.errors)")
    #expect(outcome.errors[0].contains("loss.svg"))
    for name in ["summary.json", "metrics.csv", "model.safetensors", "loss.gp"] {
      #expect(workspace.names.contains("run/\(name)"), "\(name)")
    }
  }

  /// A limit on the size of files is no signal. The thread sanitizer itself writes a larger file at its start.
  @Test(.enabled(if: !isSanitized)) func aFileThatPassesItsLimitIsAnError() throws {
    let outcome = try shell("ulimit -f 1; '\(Self.program)' \(Self.words) --steps 400 --out run")
    #expect(outcome.status == 1)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1 && outcome.errors.contains("File too large"), "\(outcome.errors)")
    #expect(!workspace.names.contains { $0.contains(".unroll-") })
  }

  /// Room for what is small, not for a run that goes on: what was there stays.
  @Test(.enabled(if: !isSanitized)) func aFileThatPassesItsLimitLater() throws {
    let small = Self.words.replacing("'--hidden' '3'", with: "'--hidden' '40'")
    let before = try shell("'\(Self.program)' \(small) --steps 4 --out run")
    #expect(before.status == 0, "\(before.errors)")
    let checkpoint = try workspace.bytes("run/checkpoint.safetensors")
    #expect(checkpoint.count > 20_000)
    let outcome = try shell(
      "ulimit -f 10; '\(Self.program)' train --quiet --resume run --steps 8")
    #expect(outcome.status == 1)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1 && outcome.errors.contains("File too large"), "\(outcome.errors)")
    #expect(try workspace.bytes("run/checkpoint.safetensors") == checkpoint)
    #expect(!workspace.names.contains { $0.contains(".unroll-") })
  }

  /// With one checkpoint kept, numbered ones of a part that is void go too.
  @Test func voidCheckpointsGoWhateverIsKept() throws {
    train("--steps", "8", "--eval-every", "2", "--keep-checkpoints", "4")
    let outcome = workspace.run([
      "train", "--quiet", "--resume", workspace("run/checkpoint-4.safetensors"), "--steps", "5",
      "--keep-checkpoints", "1",
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    let names = workspace.names.filter { $0.hasPrefix("run/checkpoint") }
    #expect(
      names.sorted() == [
        "run/checkpoint-2.safetensors", "run/checkpoint-4.safetensors",
        "run/checkpoint.safetensors",
      ])
  }

  @Test func aFlippedBitIsNotGoneOnFrom() throws {
    train("--steps", "4")
    var bytes = try workspace.bytes("run/checkpoint.safetensors")
    bytes[bytes.count - 500] ^= 0x20
    _ = try workspace.file("run/checkpoint.safetensors", bytes)
    workspace.expectRefusal(
      ["train", "--quiet", "--resume", workspace("run"), "--steps", "6"], .failed,
      saying: ["checkpoint.safetensors: its checksum is", "was damaged or edited"])
  }
}

/// Folders of sweeps that are merged, and tables that were edited.
extension DisturbedFolderTests {
  private func sweep(_ out: String) {
    let outcome = workspace.run(
      ["sweep"] + Self.small.dropFirst()
        + ["--steps", "2", "--vary", "clip=none,1", "--seeds", "1", "--out", workspace(out)])
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  @Test func mergesTakeAFolderOneByOne() throws {
    sweep("a")
    try OutputFolder.create(workspace("all"))
    let lock = try FolderLock(workspace("all"))
    workspace.expectRefusal(
      ["merge", workspace("a"), "--out", workspace("all")], .failed, saying: ["all is in use"])
    withExtendedLifetime(lock) {}
  }

  /// Of whatever command: what is there is another process's.
  @Test func aFolderInUseIsNotWrittenTo() throws {
    train("--steps", "4")
    sweep("swept")
    let clip = [
      "clip", "adding", "--cells", "rnn", "--length", "6", "--hidden", "3", "--batch", "2",
      "--steps", "2", "--thresholds", "1", "--quiet",
    ]
    #expect(workspace.run(clip + ["--seeds", "1", "--out", workspace("clipped")]).status == .done)
    for (folder, words) in [
      ("run", Self.small + ["--steps", "6", "--out", workspace("run")]),
      ("run", ["train", "--resume", workspace("run"), "--steps", "6", "--quiet"]),
      (
        "swept",
        [
          "sweep", "--config", workspace("swept"), "--seeds", "2", "--quiet", "--out",
          workspace("swept"),
        ]
      ),
      ("clipped", clip + ["--seeds", "2", "--out", workspace("clipped")]),
    ] {
      let lock = try FolderLock(workspace(folder))
      let names = workspace.names
      let files = names.filter { FileKind(atPath: workspace($0)) == .regular }
      let bytes = try files.map { try workspace.bytes($0) }
      let outcome = workspace.run(words)
      #expect(outcome.status == .failed && outcome.errors.count == 1, "\(words): \(outcome.errors)")
      #expect(
        outcome.errors.last?.contains("\(folder) is in use") == true, "\(words): \(outcome.errors)")
      #expect(workspace.names == names)
      #expect(try files.map { try workspace.bytes($0) } == bytes)
      withExtendedLifetime(lock) {}
    }
  }

  /// A merge that was killed has written its runs, and no config.json yet.
  @Test func halfAMergeIsNamed() throws {
    sweep("a")
    try OutputFolder.create(workspace("all"))
    _ = try workspace.file("all/runs.csv", workspace.bytes("a/runs.csv"))
    workspace.expectRefusal(
      ["merge", workspace("a"), "--out", workspace("all")], .usage,
      saying: ["holds runs.csv without a config.json", "accepted is a new or empty folder"])
  }

  /// A pipe is waited for by whoever opens it.
  @Test(.timeLimit(.minutes(1))) func aPipeInASweepIsNotWaitedFor() throws {
    sweep("a")
    for name in ["runs.csv", "runs.csv.partial"] {
      try? FileManager.default.removeItem(atPath: workspace("a/runs.csv"))
      #expect(mkfifo(workspace("a/\(name)"), 0o600) == 0)
      let outcome = workspace.run([
        "report", workspace("a"), "--out", workspace("\(name).html"), "--quiet",
      ])
      #expect(outcome.errors.contains { $0.contains("is a pipe or a device") }, "\(outcome.errors)")
      try FileManager.default.removeItem(atPath: workspace("a/\(name)"))
    }
  }
}
