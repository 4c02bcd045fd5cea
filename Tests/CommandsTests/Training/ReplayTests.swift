import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// The same seed, options and thread count give the same bytes; so do a run's own `config.json` and
/// a run that was stopped and resumed.
struct ReplayTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.writeSequences()
  }

  /// Trains into `folder`.
  private func train(
    _ folder: String, _ words: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let outcome = workspace.run(["train"] + words + ["--quiet", "--out", workspace(folder)])
    #expect(outcome.status == .done, "\(outcome.errors)", sourceLocation: sourceLocation)
  }

  private func expectSameRun(
    _ one: String, _ other: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for name in ["model.safetensors", "best.safetensors", "config.json"] {
      #expect(
        try workspace.isSameFile("\(one)/\(name)", "\(other)/\(name)"), "\(name)",
        sourceLocation: sourceLocation)
    }
    let rows = (try workspace.metrics(one), try workspace.metrics(other))
    #expect(rows.0.count == 60 && rows.0 == rows.1, sourceLocation: sourceLocation)
  }

  /// Of the sequences' three updates each, number 31 is the first of its sequence: the run resumes in
  /// the middle of one, with re-run steps and a carried state.
  @Test(arguments: [
    [], ["--precision", "double"], ["--threads", "2"], ["--cell", "rnn/activation=prelu"],
    ["--initial-state", "learned"], ["--schedule", "step", "--schedule-every", "7"],
    ["--shuffle", "--warmup", "40"], ["--cell", "rnn", "--regularize", "omega:2"],
  ])
  func aResumedRunEndsWhereAnUninterruptedOneWould(extra: [String]) throws {
    try expectResumable(workspace.sequenceWords + extra)
  }

  /// Files of earlier versions have `regularise`; the command line is told of the present name.
  @Test func renamedOptionsAreReadUnderTheirOldNames() throws {
    train("run", workspace.sequenceWords + ["--cell", "rnn", "--regularize", "omega:2"])
    let config = workspace("run/config.json")
    let text = try String(contentsOfFile: config, encoding: .utf8)
    try text.replacingOccurrences(of: "\"regularize\"", with: "\"regularise\"")
      .write(toFile: config, atomically: true, encoding: .utf8)
    let outcome = workspace.run(["train", "--config", config, "--out", workspace("again")])
    #expect(outcome.status == .done, "\(outcome.errors)")
    try #expect(workspace.isSameFile("run/model.safetensors", "again/model.safetensors"))

    let refused = workspace.run(["train", "adding", "--regularise", "omega:2"])
    #expect(refused.status == .usage)
    #expect(refused.errors.joined().contains("'--regularise'; did you mean '--regularize'?"))
  }

  @Test(arguments: OptimizerKind.allCases.map(\.rawValue))
  func everyOptimizerResumes(name: String) throws {
    try expectResumable(workspace.sequenceWords + ["--optimizer", name, "--weight-decay", "0.01"])
  }

  /// With thresholds that clip: some of the gradients by `auto:50`, most of them by the others.
  @Test(arguments: Clipping.rules.map { "\($0.make(0.001))" } + ["auto:20", "auto:50"])
  func everyClippingResumes(rule: String) throws {
    for cell in ["lstm", "gru"] {
      try expectResumable(workspace.sequenceWords + ["--clip", rule, "--cell", cell])
    }
  }

  @Test func generatedTasksAndStreamsResume() throws {
    let adding = ["--length", "20", "--window", "7:13", "--batch", "4", "--hidden", "5"]
    try expectResumable(["adding"] + adding)
    let text = try workspace.file("a.txt", String(repeating: "abcab cad\n", count: 60))
    let stream = ["--file", text, "--window", "7:13", "--batch", "4", "--hidden", "5"]
    try expectResumable(["text"] + stream)
  }

  private func expectResumable(
    _ words: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var words = words + ["--eval-every", "10"]
    if !words.contains("--clip") { words += ["--clip", "norm:0.1"] }
    if !words.contains("--threads") { words += ["--threads", "1"] }
    train("whole", words + ["--steps", "60"])
    train("part", words + ["--steps", "31"])
    let checkpoint = workspace("part/checkpoint.safetensors")
    let outcome = workspace.run(["train", "--resume", checkpoint, "--steps", "60", "--quiet"])
    #expect(outcome.status == .done, "\(outcome.errors)", sourceLocation: sourceLocation)

    #expect(
      try workspace.isSameFile("part/model.safetensors", "whole/model.safetensors"),
      sourceLocation: sourceLocation)
    let (part, whole) = (try workspace.metrics("part"), try workspace.metrics("whole"))
    #expect(part.count == 60 && whole.count == 60, sourceLocation: sourceLocation)
    for (row, expected) in zip(part, whole) {
      // A run that ends at update 31 takes the test loss there; the uninterrupted one does not.
      let columns = row[0] == "31" ? 5 : row.count
      #expect(row.prefix(columns) == expected.prefix(columns), sourceLocation: sourceLocation)
    }
    let clipped = whole.count { $0[3] == "1" }
    #expect(clipped > 0, "nothing was clipped", sourceLocation: sourceLocation)
  }

  /// How often a run is evaluated does not change its weights.
  @Test func aResumedRunMayBeEvaluatedAtOtherUpdates() throws {
    let words = [
      "adding", "--length", "6", "--hidden", "3", "--batch", "2", "--threads", "1", "--eval-every",
      "20",
    ]
    train("whole", words + ["--steps", "60"])
    train("part", words + ["--steps", "20"])
    let outcome = workspace.run([
      "train", "--resume", workspace("part/checkpoint.safetensors"), "--steps", "60",
      "--eval-every", "10",
    ])
    #expect(outcome.status == .done)
    #expect(
      outcome.errors.contains { $0.contains("from update 21 on: --eval-every 10 (it was 20)") },
      "\(outcome.errors)")
    let evaluated = try workspace.metrics("part").filter { !$0[5].isEmpty }.map { $0[0] }
    #expect(evaluated == ["20", "30", "40", "50", "60"])
    for name in ["part", "whole"] {
      #expect(try workspace.metrics(name).count == 60)
    }
    let (part, whole) = try (
      SafetensorsFile(path: workspace("part/model.safetensors")),
      SafetensorsFile(path: workspace("whole/model.safetensors"))
    )
    #expect(try part.doubles("weight_hh_l0") == whole.doubles("weight_hh_l0"))
  }

  @Test func theSameSeedGivesTheSameBytesAndAnotherDoesNot() throws {
    let words = workspace.sequenceWords + ["--steps", "60"]
    for threads in ["1", "2"] {
      train("one-\(threads)", words + ["--threads", threads])
      train("two-\(threads)", words + ["--threads", threads])
      try expectSameRun("one-\(threads)", "two-\(threads)")
    }
    train("other", words + ["--threads", "1", "--seed", "2"])
    #expect(try !workspace.isSameFile("one-1/model.safetensors", "other/model.safetensors"))
    #expect(try workspace.metrics("one-1") != workspace.metrics("other"))
  }

  @Test func aRunsOwnConfigReplaysIt() throws {
    let extra = ["--seed", "7", "--l2", "0.001", "--cell", "rnn/init=orthogonal", "--threads", "2"]
    train("first", workspace.sequenceWords + ["--steps", "60"] + extra)
    let config = workspace("first/config.json")
    train("again", ["--config", config])
    try expectSameRun("first", "again")
    // The command line wins over the file.
    train("shorter", ["--config", config, "--steps", "20"])
    #expect(try workspace.metrics("shorter").count == 20)
  }

  /// A run that solved its task on the way and was not asked to stop there is cut off like any
  /// other: status 130, so that nobody takes it for complete.
  @Test func aSolvedRunCanBeInterrupted() async {
    await #expect(processExitsWith: .success) {
      let workspace = try Workspace()
      workspace.interruptOnceThereIsACheckpoint(in: "part")
      let part = workspace.run([
        "train", "adding", "--length", "5", "--hidden", "4", "--steps", "1000000", "--eval-every",
        "5", "--solve-at", "1000", "--quiet", "--out", workspace("part"),
      ])
      precondition(part.status == .interrupted, "expected status 130, got \(part)")
      let summary = try JSONValue(contentsOf: workspace("part/summary.json"))
      precondition(
        summary["outcome"] == "interrupted" && summary["solved"] == true,
        "expected an interrupted run that has solved its task, got \(summary)")
    }
  }

  /// Ctrl-C at some moment, in a process of its own: status 130 with everything saved, and resumed
  /// the run ends as if nothing had happened.
  @Test func anInterruptedRunSavesAndResumes() async {
    await #expect(processExitsWith: .success) {
      let workspace = try Workspace()
      try workspace.writeSequences()
      let words =
        workspace.sequenceWords + [
          "--steps", "600", "--eval-every", "10", "--schedule", "cosine", "--threads", "2",
          "--quiet",
        ]
      let whole = workspace.run(["train"] + words + ["--out", workspace("whole")])
      precondition(whole.status == .done, "expected status 0, got \(whole)")

      workspace.interruptOnceThereIsACheckpoint(in: "part")
      let part = workspace.run(["train"] + words + ["--out", workspace("part")])
      precondition(part.status == .interrupted, "expected status 130, got \(part)")
      Interrupt.uninstall()
      let done = try workspace.metrics("part").count
      precondition((10..<600).contains(done), "expected a part of the run, got \(done) updates")

      let checkpoint = workspace("part/checkpoint.safetensors")
      let rest = workspace.run(["train", "--resume", checkpoint, "--quiet"])
      precondition(rest.status == .done, "expected status 0, got \(rest)")
      for name in ["model.safetensors", "best.safetensors"] {
        let isSame = try workspace.isSameFile("part/\(name)", "whole/\(name)")
        precondition(isSame, "expected the same \(name)")
      }
      let rows = (try workspace.metrics("part"), try workspace.metrics("whole"))
      precondition(rows.0 == rows.1, "expected the same metrics")
    }
  }
}

extension Workspace {
  /// Eight sequences of 20 steps with a target at every step, in `sequences.safetensors`.
  func writeSequences() throws {
    var random = RandomNumbers(seed: 5)
    func noise(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
    }
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [20, 8, 2], noise(320))
    writer.append("y", shape: [20, 8, 1], noise(160))
    try writer.write(to: self("sequences.safetensors"))
  }

  /// What trains on them in windows 7:13, three updates a sequence.
  var sequenceWords: [String] {
    [
      "arrays", "--inputs", self("sequences.safetensors"), "--window", "7:13", "--hidden", "5",
      "--layers", "2", "--batch", "4",
    ]
  }

  /// The rows of a run's `metrics.csv` but for the time they took.
  func metrics(_ folder: String) throws -> [[String]] {
    let table = try CSVTable(path: self("\(folder)/metrics.csv"))
    let seconds = table.columnNames.firstIndex(of: "seconds")
    return table.rows.map { row in row.indices.filter { $0 != seconds }.map { row[$0] } }
  }

  /// Sends this process SIGINT from a thread of its own once `folder` has a checkpoint.
  func interruptOnceThereIsACheckpoint(in folder: String) {
    let checkpoint = self("\(folder)/checkpoint.safetensors")
    Thread {
      // The test's own thread may have signals blocked.
      var all = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_UNBLOCK, &all, nil)
      while !FileManager.default.fileExists(atPath: checkpoint) { usleep(200) }
      kill(getpid(), SIGINT)
    }.start()
  }
}
