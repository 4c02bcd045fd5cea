import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport
import UnrollText

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// What is saved before an evaluation is due, and what is kept: whatever ends a run, it goes on as if nothing
/// had.
struct SavedInTimeTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let program = BuiltProgram.url.path
  private static let adding = [
    "train", "adding", "--length", "20", "--hidden", "4", "--batch", "2", "--threads", "1",
    "--eval-every", "1000000", "--quiet",
  ]

  private static func text(lines: Int) -> String {
    (0..<lines).map { "line \($0 * 7919 % 1000) of a text\n" }.joined()
  }

  private static func training(on book: String) -> [String] {
    [
      "train", "text", "--file", book, "--window", "20", "--hidden", "4", "--batch", "4",
      "--threads", "1", "--eval-every", "1000000", "--checkpoint-every", "0.001", "--quiet",
    ]
  }

  /// Starts a run without an evaluation in sight, and does `then` once it has saved, or written another file;
  /// `$p` is its process.
  private func run(
    _ words: [String], under launcher: String = "", until file: String = "checkpoint.safetensors",
    then: String
  ) throws -> BuiltProgram.Outcome {
    let line = words.map { "'\($0)'" }.joined(separator: " ")
    return try BuiltProgram.shell(
      """
      \(launcher) '\(Self.program)' \(line) --steps 100000000 --out run & p=$!
      i=0; while ! [ -e run/\(file) ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i+1)); done
      sleep 0.3; \(then)
      i=0; while kill -0 $p 2>/dev/null && [ $i -lt 600 ]; do sleep 0.1; i=$((i+1)); done
      kill -9 $p 2>/dev/null
      wait $p
      """, in: workspace.path, environment: [:])
  }

  /// The updates that the checkpoint has made.
  private func updates(_ name: String = "run/checkpoint.safetensors") throws -> Int {
    let file = try SafetensorsFile(path: workspace(name))
    return Int(Double(bitPattern: try file.bitPatterns("progress")[2]))
  }

  /// Goes on for a few updates, and expects what one run without a break gives.
  private func expectUninterrupted(_ words: [String]) throws {
    let steps = try String(updates() + 7)
    let resumed = workspace.run([
      "train", "--resume", workspace("run/checkpoint.safetensors"), "--steps", steps, "--quiet",
    ])
    #expect(resumed.status == .done, "\(resumed.errors)")
    let whole = workspace.run(words + ["--steps", steps, "--out", workspace("whole")])
    #expect(whole.status == .done, "\(whole.errors)")
    #expect(try workspace.metrics("run") == workspace.metrics("whole"))
    let weights = try ["run", "whole"].map {
      try SafetensorsFile(path: workspace("\($0)/model.safetensors")).doubles("head.weight")
    }
    #expect(weights[0] == weights[1])
    #expect(try numbersOfEvents("run") == numbersOfEvents("whole"))
    if words.contains("--watch-decay") {
      let curves = try ["run", "whole"].map {
        try workspace.bytes("\($0)/decay-over-training.csv")
      }
      #expect(curves[0] == curves[1])
    }
  }

  /// The numbers that a run's event files have together, by their tags and steps; each is there once.
  private func numbersOfEvents(_ run: String) throws -> [String: Float] {
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace(run))
    let files = try names.filter { $0.hasPrefix(EventLog.prefix) }.sorted().map {
      try EventRecords(path: workspace("\(run)/\($0)"))
    }
    let numbers = EventRecords.joined(files).compactMap { value in
      value.scalar.map { ("\(value.tag) of \(value.step)", $0) }
    }
    return Dictionary(
      numbers,
      uniquingKeysWith: { one, _ in
        Issue.record("\(run) has a number twice")
        return one
      })
  }

  @Test func aCheckpointIsSavedBetweenEvaluations() throws {
    let words = Self.adding + ["--checkpoint-every", "0.001"]
    let outcome = try run(
      words, then: "cp run/checkpoint.safetensors first; sleep 0.5; kill -9 $p")
    #expect(outcome.status != 0)
    // Again and again.
    #expect(try 0 < updates("first") && updates("first") < updates())
    try expectUninterrupted(words)
  }

  /// As by `--watch-decay` and `--solve-every`, which look at the same updates.
  @Test func observersAgreeWithIt() throws {
    let words =
      Self.adding + [
        "--checkpoint-every", "0.001", "--watch-decay", "7", "--solve-every", "3", "--clip",
        "auto:10", "--tensorboard",
      ]
    _ = try run(words, then: "kill -9 $p")
    try expectUninterrupted(words)
  }

  /// A test's thread may have signals blocked or ignored, which its children then have too.
  private static let unblocked =
    "perl -MPOSIX -e '$SIG{$_} = \"DEFAULT\" for \"HUP\", \"INT\", \"TERM\"; "
    + "sigprocmask(SIG_SETMASK, POSIX::SigSet->new); exec @ARGV'"

  /// Also long before one is due by the time. A terminal that is closed sends two.
  @Test(arguments: ["INT", "TERM", "HUP", "HUP twice"]) func aSignalSaves(signal: String) throws {
    let parts = signal.split(separator: " ")
    let kill = "kill -\(parts[0]) $p"
    let outcome = try run(
      Self.adding, under: Self.unblocked, until: "metrics.csv.partial",
      then: parts.count == 1 ? kill : "\(kill); \(kill)")
    #expect(outcome.status == 130, "\(outcome.errors)")
    let (lines, updates) = (outcome.errors.split(separator: "\n"), try updates())
    #expect(updates > 0)
    #expect(
      lines.map(String.init) == [
        "interrupted after \(NumberText.count(updates, "update")); go on with "
          + "unroll train --resume run"
      ])
    try expectUninterrupted(Self.adding)
  }

  @Test func aTextThatIsCutShortSaves() throws {
    // Longer than a page at every row, so that reading on would end the process.
    let text = Self.text(lines: 40_000)
    let words = try Self.training(on: workspace.file("book.txt", text))
    let outcome = try run(words, then: "truncate -s 5000 book.txt")
    #expect(outcome.status == 1)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("book.txt was cut short while it was read; restore it"))
    #expect(outcome.errors.contains("unroll train --resume run/checkpoint.safetensors"))
    _ = try workspace.file("book.txt", text)
    try expectUninterrupted(words)
  }

  /// Nobody knows since when updates are of other data: the checkpoint before stays.
  @Test func aTextThatIsChangedEndsTheRun() throws {
    let text = Self.text(lines: 2_000)
    let words = try Self.training(on: workspace.file("book.txt", text))
    let outcome = try run(
      words,
      then:
        "head -c 20000 book.txt | tr 'aeiou0-4' 'eioua5-9' | dd of=book.txt conv=notrunc 2>/dev/null"
    )
    #expect(outcome.status == 1)
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("book.txt was changed while it was read; restore it"))
    #expect(
      outcome.errors.contains(
        "after \(NumberText.count(try updates(), "update")), with unroll train --resume"))
    _ = try workspace.file("book.txt", text)
    try expectUninterrupted(words)
  }

  /// What comes after the end is none of the run's; one that goes on asks about it.
  @Test func aTextThatGrowsDoesNotMatter() throws {
    let text = Self.text(lines: 2_000)
    let words = try Self.training(on: workspace.file("book.txt", text))
    let outcome = try run(
      words, under: Self.unblocked, then: "echo more >> book.txt; sleep 0.5; kill -INT $p")
    #expect(outcome.status == 130, "\(outcome.errors)")
    workspace.expectRefusal(
      ["train", "--resume", workspace("run"), "--steps", "100000000", "--quiet"], .failed,
      saying: ["book.txt", "--accept-changed-data"])
    _ = try workspace.file("book.txt", text)
    try expectUninterrupted(words)
  }

  // MARK: --keep-checkpoints

  private static let short = [
    "train", "adding", "--length", "6", "--hidden", "3", "--batch", "2", "--threads", "1",
    "--eval-every", "2", "--quiet",
  ]

  private func checkpoints() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: workspace("run")).filter {
      $0.hasPrefix("checkpoint")
    }.sorted()
  }

  @Test func theLastOnesAreKept() throws {
    let words = Self.short + ["--steps", "12", "--out", workspace("run")]
    #expect(workspace.run(words).status == .done)
    #expect(try checkpoints() == ["checkpoint.safetensors"])
    #expect(workspace.run(words + ["--keep-checkpoints", "3"]).status == .done)
    #expect(
      try checkpoints() == [
        "checkpoint-10.safetensors", "checkpoint-12.safetensors", "checkpoint-8.safetensors",
        "checkpoint.safetensors",
      ])
    #expect(try updates("run/checkpoint-8.safetensors") == 8 && updates() == 12)
    let metrics = try workspace.metrics("run")
    // What came after the one that a run goes on from is void.
    let resumed = workspace.run([
      "train", "--resume", workspace("run/checkpoint-8.safetensors"), "--steps", "9", "--quiet",
    ])
    #expect(resumed.status == .done, "\(resumed.errors)")
    #expect(
      try checkpoints() == [
        "checkpoint-8.safetensors", "checkpoint-9.safetensors", "checkpoint.safetensors",
      ])
    let again = workspace.run([
      "train", "--resume", workspace("run/checkpoint-8.safetensors"), "--steps", "12", "--quiet",
    ])
    #expect(again.status == .done, "\(again.errors)")
    #expect(try workspace.metrics("run") == metrics)
  }

  @Test func valuesThatSayNothingAreRefused() {
    let words = Self.short + ["--steps", "2", "--out", workspace("run")]
    for (option, value) in [
      ("--keep-checkpoints", "0"), ("--checkpoint-every", "0"), ("--checkpoint-every", "-1"),
    ] {
      workspace.expectRefusal(words + [option, value], .usage, saying: ["\(option) \(value)"])
    }
  }

  // MARK: Temporary files

  @Test func whatAKilledRunLeftIsGoneAfterTheNextStart() throws {
    let words = Self.short + ["--steps", "4", "--out", workspace("run")]
    #expect(workspace.run(words).status == .done)
    let dead = Process()
    dead.executableURL = URL(filePath: "/bin/sh")
    dead.arguments = ["-c", "exit 0"]
    try dead.run()
    dead.waitUntilExit()
    let own = TemporaryFiles.path(for: "checkpoint.safetensors")
    let left = own.replacing(".\(getpid()).", with: ".\(dead.processIdentifier).")
    let mine = try workspace.file("run/\(own)", "in use")
    _ = try workspace.file("run/\(left)", "half")
    let outcome = try BuiltProgram.run(
      ["train", "--resume", workspace("run/checkpoint.safetensors"), "--steps", "6", "--quiet"],
      environment: [:])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: workspace("run/\(left)")))
    #expect(FileManager.default.fileExists(atPath: mine))
  }
}
