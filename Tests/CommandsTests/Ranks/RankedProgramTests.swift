import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollTestSupport
import UnrollTraining

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// The program on several ranks, which are threads of one process: `tools/test --mpi` runs it under mpirun.
struct RankedProgramTests {
  let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Runs the program on `count` ranks, with further words for some of them.
  private func run(
    _ count: Int, _ words: [String], also: [Int: [String]] = [:]
  ) throws -> [TemporaryRuns.Outcome] {
    try ThreadRanks.run(count) { ranks in
      let test = TestTerminal()
      let status = Program.unroll.run(
        words + (also[ranks.number] ?? []), on: test.terminal, ranks: ranks)
      return TemporaryRuns.Outcome(
        status: status, out: test.output.text, errors: test.diagnostics.lines)
    }
  }

  private static let small = [
    "adding", "--length", "5", "--hidden", "4", "--batch", "4", "--steps", "30", "--eval-every",
    "10", "--validation-sequences", "6", "--test-sequences", "6", "--precision", "double",
    "--threads", "1", "--quiet",
  ]

  // MARK: train

  private func losses(_ folder: String) throws -> [Double] {
    let table = try CSVTable(path: runs.path("\(folder)/metrics.csv"))
    let column = try #require(table.columnNames.firstIndex(of: "loss"))
    return table.rows.compactMap { Double($0[column]) }
  }

  @Test(arguments: [2, 4])
  func ranksTrainOneModel(count: Int) throws {
    let alone = runs.run(["train"] + Self.small + ["--out", runs.path("alone")])
    #expect(alone.status == .done, "\(alone.errors)")
    let outcomes = try run(count, ["train"] + Self.small + ["--out", runs.path("shared")])
    #expect(outcomes.allSatisfy { $0.status == .done && $0.errors.isEmpty }, "\(outcomes)")
    // Rank 0 alone prints.
    #expect(outcomes[0].out.contains("adding"))
    #expect(outcomes.dropFirst().allSatisfy { $0.out.isEmpty })
    let (own, shared) = (try losses("alone"), try losses("shared"))
    #expect(own.count == 30 && shared.count == 30)
    // Rounding of sums in another order, over 30 updates.
    for (a, b) in zip(own, shared) { #expect(abs(a - b) <= 1e-12 * abs(a)) }
    #expect(runs.files(in: "shared") == runs.files(in: "alone"))
    let config = try JSONValue(contentsOf: runs.path("shared/config.json"))
    #expect(config["ranks"]?.int == count)
  }

  /// The gradient of the histograms is that of all rows, and rank 0 alone records.
  @Test func ranksRecordOneTrainingForTensorBoard() throws {
    func squares(_ folder: String) throws -> [Double] {
      let names = (runs.files(in: folder) ?? []).filter { $0.hasPrefix(EventLog.prefix) }
      try #require(names.count == 1)
      return try EventRecords(path: runs.path("\(folder)/\(names[0])")).values
        .filter { $0.tag.hasPrefix("gradients/") }
        .compactMap { $0.fields.message(5)?.double(5) }
    }
    let words = ["train"] + Self.small + ["--tensorboard", "--out"]
    #expect(runs.run(words + [runs.path("alone")]).status == .done)
    let outcomes = try run(2, words + [runs.path("shared")])
    #expect(outcomes.allSatisfy { $0.status == .done }, "\(outcomes)")
    let (own, shared) = (try squares("alone"), try squares("shared"))
    #expect(own.count >= 3 * 6 && own.count == shared.count)
    // Rounding of sums in another order, over 30 updates.
    for (a, b) in zip(own, shared) { #expect(abs(a - b) <= 1e-10 * abs(a)) }
  }

  /// Each rank records its own runs.
  @Test func ranksRecordTheRunsOfASweep() throws {
    let outcomes = try run(
      2,
      ["sweep"] + Self.small + [
        "--vary", "cell=rnn,gru", "--seeds", "2", "--tensorboard", "--out", runs.path("s"),
      ])
    #expect(outcomes.allSatisfy { $0.status == .done }, "\(outcomes)")
    let names = try CSVTable(path: runs.path("s/runs.csv")).texts(inColumn: "run")
    #expect(names.count == 4)
    for name in names {
      let files = (runs.files(in: "s/runs/\(name)") ?? []).filter { $0.hasPrefix(EventLog.prefix) }
      try #require(files.count == 1)
      let records = try EventRecords(path: runs.path("s/runs/\(name)/\(files[0])"))
      #expect(records.values.count { $0.tag == "loss/train" } == 30)
      #expect(records.values.last?.tag == EventValue.sessionEndTag)
    }
  }

  @Test func aRunOfRanksIsResumed() throws {
    let words = ["train"] + Self.small
    _ = try run(2, words + ["--out", runs.path("whole")])
    var half = words
    half[half.firstIndex(of: "30") ?? 0] = "20"
    _ = try run(2, half + ["--out", runs.path("half")])
    let outcomes = try run(
      2,
      [
        "train", "--resume", runs.path("half/checkpoint.safetensors"), "--steps", "30", "--quiet",
      ])
    #expect(outcomes.allSatisfy { $0.status == .done }, "\(outcomes)")
    #expect(try losses("half") == losses("whole"))
  }

  /// One process goes on with a run of two, and says so.
  @Test func aRunIsResumedOnAnotherNumberOfRanks() throws {
    let words = ["train"] + Self.small.filter { $0 != "--quiet" }
    let first = try run(2, words + ["--out", runs.path("a")])
    #expect(first[0].status == .done, "\(first[0].errors)")
    let resume = ["train", "--resume", runs.path("a/checkpoint.safetensors"), "--steps", "40"]
    let outcome = runs.run(resume)
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("from update 31 on: 1 rank (it was 2), which changes last digits"))
    let config = try JSONValue(contentsOf: runs.path("a/config.json"))
    #expect(config["ranks"] == nil)
    let part = try #require(config["resumed"]?.array?.first)
    #expect(part["after"]?.int == 30 && part["before"]?["ranks"]?.int == 2)
    // On the same number nothing is said.
    #expect(runs.run(resume + ["--quiet"]).errors.isEmpty)
  }

  /// Ranks that were not told how many threads to start share the cores of the machine.
  @Test(arguments: [2, 3]) func theDefaultOfThreadsIsAPartOfTheCores(count: Int) throws {
    let share = max(1, Workers.availableCores / count)
    var words = ["train"] + Self.small + ["--out", runs.path("a")]
    let place = try #require(words.firstIndex(of: "--threads"))
    words.removeSubrange(place...place + 1)
    let outcomes = try run(count, words)
    #expect(outcomes.allSatisfy { $0.status == .done }, "\(outcomes)")
    let config = try JSONValue(contentsOf: runs.path("a/config.json"))
    #expect(config["options"]?["threads"]?.int == share)
    let help = try run(count, ["help", "train"])[0].out
    #expect(help.contains("worker threads (default: \(share), the cores this process"))
    let info = try run(count, ["info", "--json"])[0].out
    let machine = try JSONValue(parsing: Data(info.utf8))
    #expect(machine["threads"]?.int == share && machine["ranks"]?.int == count)
    #expect(
      try run(count, ["info"])[0].out.contains(
        "\(share) for each of \(count) ranks, a share of the cores they may use"))
  }

  @Test func nonFiniteTrainingIsSaidOnce() throws {
    let outcomes = try run(
      3,
      ["train"] + Self.small + [
        "--learning-rate", "1e200", "--optimizer", "sgd", "--clip", "none", "--out",
        runs.path("a"),
      ])
    #expect(outcomes.map(\.status) == [.nonFinite, .nonFinite, .nonFinite])
    #expect(outcomes[0].errors.filter { $0.contains("non-finite") }.count == 1)
    #expect(outcomes.dropFirst().allSatisfy { $0.errors.isEmpty })
    #expect(runs.files(in: "a")?.contains("summary.json") == true)
  }

  // MARK: Bad input

  @Test(arguments: [
    (["train", "adding", "--hiden", "3"], "--hidden"),
    (
      ["train", "adding", "--batch", "2"],
      "--batch 2: a batch of 2 rows cannot be shared by 3 ranks"
    ),
    (["sweep", "adding", "--vary", "hidden=3,3"], "value 2 is value 1 again"),
    (["bench", "--batch", "2", "--hidden", "3"], "--batch 2"),
    (["bench", "--serve"], "--serve"), (["clip", "adding", "--start", "1,1"], "--start"),
    (["decay", "--cells", "nothing"], "nothing"), (["no-such-command"], "no-such-command"),
  ])
  func badInputIsSaidOnceByTheFirst(words: [String], part: String) throws {
    let outcomes = try run(3, words)
    #expect(outcomes.allSatisfy { $0.status == .usage && $0.out.isEmpty }, "\(outcomes)")
    let errors = outcomes.map { $0.errors.filter { !$0.contains("warning:") } }
    #expect(errors[0].count == 1 && errors[0][0].contains(part), "\(errors)")
    #expect(errors.dropFirst().allSatisfy { $0.isEmpty }, "\(errors)")
  }

  /// What only one rank meets is said by that one.
  @Test func aDifferentCommandLineIsRefused() throws {
    let outcomes = try run(2, ["train", "adding"], also: [1: ["--steps", "3"]])
    #expect(outcomes.allSatisfy { $0.status == .failed && $0.out.isEmpty })
    #expect(outcomes[0].errors.isEmpty && outcomes[1].errors.count == 1)
    #expect(outcomes[1].errors[0].contains("rank 1 has the command line"))
  }

  /// A folder that rank 0 cannot open ends all.
  @Test func aFolderThatIsTakenEndsAll() throws {
    _ = try runs.file("file", "no folder")
    let outcomes = try run(2, ["train"] + Self.small + ["--out", runs.path("file")])
    #expect(outcomes.map(\.status) == [.failed, .failed])
    #expect(outcomes[0].errors.count == 1 && outcomes[1].errors.isEmpty, "\(outcomes)")
  }

  /// As one of two processes that mpirun started, the program either has MPI, which then finds no
  /// mpirun, or says how to get it. One of the two says so.
  @Test func aProgramWithoutMPIIsRefusedByTheFirst() throws {
    func run(_ rank: String) throws -> BuiltProgram.Outcome {
      try BuiltProgram.run(
        ["info"], environment: ["OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": rank])
    }
    let (first, second) = (try run("0"), try run("1"))
    #expect(first.status == 1 && first.output.isEmpty)
    let lines = first.errors.split(separator: "\n")
    #expect(lines.count == 1 && lines[0].contains("2 processes"), "\(first.errors)")
    // A launcher ends the others when one fails, so this one must not be the first to.
    #expect(second.status == 0 && second.output.isEmpty && second.errors.isEmpty)
  }

  // MARK: Other commands

  @Test func otherCommandsRunOnTheFirstAlone() throws {
    let outcomes = try run(2, ["tasks"])
    #expect(outcomes.allSatisfy { $0.status == .done })
    #expect(outcomes[0].out.contains("adding") && outcomes[1].out.isEmpty)
    #expect(outcomes[0].errors == ["unroll: warning: tasks uses one of the 2 processes"])
    #expect(try run(2, ["--version"])[0].errors.isEmpty)
    let help = try run(2, ["train", "--help"])
    #expect(help[0].out.contains("--batch") && help[1].out.isEmpty)
  }

  @Test func benchShowsTheSumOverRanks() throws {
    let words = [
      "bench", "--cell", "rnn", "--length", "4", "--batch", "4", "--input", "2", "--hidden", "3",
      "--budget", "0.01", "--threads", "1", "--quiet",
    ]
    let outcomes = try run(2, words + ["--json"])
    #expect(outcomes.allSatisfy { $0.status == .done }, "\(outcomes.map(\.errors))")
    let object = try JSONValue(parsing: Data(outcomes[0].out.utf8))
    #expect(object["ranks"]?.int == 2 && outcomes[1].out.isEmpty)
    let parts = try #require(object["points"]?.array?.first?["parts"]?.object)
    let share = try #require(parts["all_reduce"]?.double)
    #expect(share > 0 && share < 1)
    #expect(abs(parts.reduce(0) { $0 + ($1.value.double ?? .nan) } - 1) < 1e-12)
    let printed = try run(2, words)[0].out
    #expect(printed.contains("2 ranks of 1 thread") && printed.contains("sum: of the gradient"))
  }

  // MARK: sweep and clip

  private static let grid = [
    "--vary", "learning-rate=0.01,0.1", "--vary", "clip=none,0.5,2x", "--seeds", "3",
    "--norm-steps", "5",
  ]

  @Test(arguments: [2, 3], ["1", "2"])
  func ranksMakeTheSweepOfOneProcess(count: Int, threads: String) throws {
    var words = ["sweep"] + Self.small + Self.grid + ["--keep", "metrics"]
    #expect(runs.run(words + ["--out", runs.path("alone")]).status == .done)
    words[words.firstIndex(of: "--threads").map { $0 + 1 } ?? 0] = threads
    let shared = words + ["--out", runs.path("shared")]
    let outcomes = try run(count, shared)
    #expect(outcomes.allSatisfy { $0.status == .done && $0.errors.isEmpty }, "\(outcomes)")
    #expect(outcomes.dropFirst().allSatisfy { $0.out.isEmpty })
    for name in ["groups.csv", "norms.csv", "sweep.gp"] {
      #expect(try runs.text("shared/\(name)") == runs.text("alone/\(name)"), "\(name)")
    }
    func rows(_ folder: String) throws -> [[String: String]] {
      let table = try CSVTable(path: runs.path("\(folder)/runs.csv"))
      return table.rows.map { row in
        Dictionary(uniqueKeysWithValues: zip(table.columnNames, row))
          .filter { !SweepResult.columnsOfTime.contains($0.key) }
      }
    }
    #expect(try rows("shared") == rows("alone"))
    #expect(runs.files(in: "shared/runs") == runs.files(in: "alone/runs"))
    // Everything is there: the others are let go at once.
    let again = try run(count, shared)
    #expect(again.allSatisfy { $0.status == .done }, "\(again)")
    #expect(try runs.text("shared/groups.csv") == runs.text("alone/groups.csv"))
  }

  @Test func ranksMakeTheComparisonOfOneProcess() throws {
    // clip reads no test data.
    let place = try #require(Self.small.firstIndex(of: "--test-sequences"))
    let own =
      ["clip"] + Self.small[..<place] + Self.small[(place + 2)...] + [
        "--cells", "rnn,lstm", "--thresholds", "none,2x", "--seeds", "2", "--norm-steps", "5",
      ]
    #expect(runs.run(own + ["--out", runs.path("alone")]).status == .done)
    let outcomes = try run(2, own + ["--out", runs.path("shared")])
    #expect(outcomes.allSatisfy { $0.status == .done }, "\(outcomes)")
    func rows(_ folder: String) throws -> [[String: String]] {
      let table = try CSVTable(path: runs.path("\(folder)/clip.csv"))
      return table.rows.map { row in
        Dictionary(uniqueKeysWithValues: zip(table.columnNames, row)).filter { $0.key != "seconds" }
      }
    }
    #expect(try rows("shared") == rows("alone") && rows("alone").count == 8)
  }
}
