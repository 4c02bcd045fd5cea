import Foundation
import Synchronization
import Testing
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollTraining

/// A comparison made with the library alone, as the documentation of `ClipStudy` shows it.
struct ClipStudyTests {
  let folder: ClipFolder

  init() throws { folder = try ClipFolder() }

  /// The sizes of `ClipFolder.small`.
  private static func plan(_ run: ClipRun, updates: Int = 60) throws -> TrainingPlan {
    let task = try AddingTask(length: 4, seed: UInt64(run.seed))
    var settings = TrainingSettings()
    settings.batch = 2
    settings.updates = updates
    settings.evaluateEvery = 20
    return TrainingPlan(
      task: task, specification: run.specification,
      configuration: ModelConfiguration(input: task.input, target: task.target, hidden: 3),
      settings: settings, seed: UInt64(run.seed))
  }

  private func study(
    seeds: Range<Int> = 1..<3, threads: Int = 1,
    plan: @escaping @Sendable (ClipRun) throws -> TrainingPlan = { try Self.plan($0) }
  ) throws -> ClipStudy {
    let sweep = ClipSweep(
      cells: [("lstm", CellSpecification(.lstm))],
      thresholds: [.rule(.none), .rule(.norm(0.1)), .meanNorms(0.5)], seeds: seeds)
    return ClipStudy(
      sweep.runs(ownWindow: .full),
      log: try ClipLog(path: folder("clip.csv"), ownWindow: .full), threads: threads,
      normUpdates: 10, plan: plan)
  }

  /// Counts what it is told.
  private final class Counter: ClipStudyObserver {
    let counts = Mutex((passes: 0, runs: 0, updates: 0, most: 0))

    func willTrain(_ runs: [ClipRun]) {}
    func didUpdate(_ record: UpdateRecord, of number: Int, updates: Int) {
      counts.withLock { counts in
        counts.updates += 1
        counts.most = max(counts.most, updates)
      }
    }
    func didEnd(_ result: ClipResult, of number: Int) { counts.withLock { $0.runs += 1 } }
    func didMeasure(meanNorm: Double?, of number: Int) { counts.withLock { $0.passes += 1 } }
    func didTrain() {}
  }

  /// Every byte but the time that runs took.
  @Test func theLibraryHasTheProgramsNumbers() throws {
    let study = try study(threads: 2)
    let counter = Counter()
    try study.train(observer: counter)
    // Two unclipped passes of 10 updates, six runs of 60.
    #expect(counter.counts.withLock { $0 } == (2, 6, 2 * 10 + 6 * 60, 60))
    let results = try study.finish()
    let summary = ClipSummary(
      plan: try Self.plan(study.runs[0]), results: results, normUpdates: 10)
    try summary.figure.write(to: folder.path, name: "clip", formats: [], gnuplot: nil)

    folder.clip(
      "--cells", "lstm", "--thresholds", "none,0.1,0.5x", "--seeds", "2", "--norm-steps", "10",
      out: "program")
    #expect(try folder.numbers(".") == folder.numbers("program"))
    #expect(results.count == 6 && Set(results.compactMap(\.referenceNorm)).count == 2)
    let theirs = try JSONValue(contentsOf: folder("program/summary.json"))
    #expect(summary.json["groups"] == theirs["groups"] && summary.json["groups"] != nil)
    #expect(summary.json["baseline_loss"] == theirs["baseline_loss"])
    // The script also says which pictures it draws.
    func data(_ script: String) throws -> [Substring] {
      try folder.text(script).split(separator: "\n").filter { $0.first?.isNumber == true }
    }
    #expect(try data("clip.gp") == data("program/clip.gp") && !data("clip.gp").isEmpty)
  }

  @Test func moreSeedsTrainOnlyTheNewRuns() throws {
    let first = try study()
    try first.train()
    let before = try first.finish()
    let more = try study(seeds: 1..<4)
    #expect(more.missing.map(\.seed) == [3, 3, 3] && more.unclippedPasses.count == 1)
    try more.train()
    let after = try more.finish()
    #expect(after.count == 9 && after.filter { $0.key.seed < 3 } == before)
  }

  /// A plan that cannot be made ends the comparison with its own error; the log stays.
  @Test func aPlansErrorIsThrown() throws {
    let study = try study { run in
      if run.seed == 2 { _ = try AddingTask(length: 0, seed: 2) }
      return try Self.plan(run)
    }
    #expect(throws: TaskError.self) { try study.train() }
    #expect(try study.finish().allSatisfy { $0.key.seed == 1 })
  }
}
