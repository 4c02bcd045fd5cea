import Synchronization
import Testing
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTestSupport
import UnrollTraining

@testable import UnrollStudies

/// A sweep's runs dealt to several ranks, on threads of one process.
@Suite struct SweepRanksTests {
  private struct Trouble: Error {}

  /// Results in memory.
  private final class MemoryStore: RunStore {
    var results: [String: RunMeasures] = [:]
    var references: [String: MeanNorm] = [:]
    var norms: [String: MeanNorm] = [:]
    var appended = 0

    func hasResult(of run: SweepRun) -> Bool { results[run.id] != nil }
    func append(_ measures: RunMeasures, of run: SweepRun, cpu: String) throws {
      results[run.id] = measures
      references[run.id] = reference(of: run)
      appended += 1
      #expect(!cpu.isEmpty)
    }
    func meanNorm(ofPass id: String) -> MeanNorm? { norms[id] }
    func append(_ norm: MeanNorm, ofPass id: String) throws { norms[id] = norm }
  }

  /// Watches how often each run is told of.
  private final class Watch: SweepObserver {
    let ended = Mutex<[Int: Int]>([:])
    let updated = Mutex<Set<Int>>([])

    func willMeasure(_ runs: [SweepRun]) {}
    func willTrain(_ runs: [SweepRun]) {}
    func didUpdate(_ record: UpdateRecord, of number: Int, updates: Int) {
      updated.withLock { _ = $0.insert(number) }
    }
    func didEnd(_ measures: RunMeasures, of number: Int) {
      ended.withLock { $0[number, default: 0] += 1 }
    }
    func didMeasure(meanNorm: Double?, of number: Int) {}
    func didTrain() {}
  }

  private static func runs(
    updates: Int = 30, failing: String? = nil, made: (@Sendable (String) -> Void)? = nil
  ) -> [SweepRun] {
    (0..<12).map { number in
      let (seed, threshold) = (number % 4, ["none", "0.5", "2x"][number / 4])
      let id = "\(threshold)-\(seed)"
      return SweepRun(
        id: id, setting: SweepSetting([threshold]), seed: seed,
        threshold: (try? ClipThreshold(threshold)) ?? .rule(.none), unclippedPass: "pass-\(seed)"
      ) {
        made?(id)
        if id == failing { throw Trouble() }
        let task = try AddingTask(length: 6, seed: UInt64(seed))
        var settings = TrainingSettings()
        (settings.batch, settings.updates, settings.evaluateEvery) = (3, updates, 10)
        return TrainingPlan(
          task: task, specification: CellSpecification(.lstm),
          configuration: ModelConfiguration(
            input: task.input, target: task.target, hidden: 4), settings: settings,
          seed: UInt64(seed), isDouble: true)
      }
    }
  }

  private struct Made: Sendable {
    var results: [String: RunMeasures] = [:]
    var references: [String: MeanNorm] = [:]
    var appended = 0
    var ended: [Int: Int] = [:]
  }

  private static func make(
    _ runs: [SweepRun], on ranks: Ranks, threads: Int = 1,
    until shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> Made {
    guard ranks.isFirst else {
      try SweepHelper(
        runs, threads: threads, normUpdates: 10, ranks: ranks, until: shouldStop
      ).work()
      return Made()
    }
    let watch = Watch()
    let study = SweepStudy(
      runs, store: MemoryStore(), threads: threads, normUpdates: 10, ranks: ranks,
      until: shouldStop)
    try study.train(observer: watch)
    return study.withStore { store in
      guard let store = store as? MemoryStore else { return Made() }
      return Made(
        results: store.results.mapValues { result in
          var result = result
          result.seconds = 0
          return result
        }, references: store.references, appended: store.appended,
        ended: watch.ended.withLock { $0 })
    }
  }

  /// Every run once, with the numbers of one process, on however many ranks and threads.
  @Test(arguments: [2, 3, 5], [1, 2])
  func ranksMakeTheRunsOfOneProcess(count: Int, threads: Int) throws {
    let alone = try Self.make(Self.runs(), on: .single)
    #expect(alone.results.count == 12)
    let made = Mutex<[String]>([])
    let runs = Self.runs(made: { id in made.withLock { $0.append(id) } })
    let shared = try ThreadRanks.run(count) { try Self.make(runs, on: $0, threads: threads) }[0]
    #expect(shared.results == alone.results && shared.references == alone.references)
    #expect(
      shared.appended == 12
        && shared.ended == Dictionary(uniqueKeysWithValues: (0..<12).map { ($0, 1) }))
    // Twelve runs and the four passes without clipping.
    #expect(made.withLock { $0 }.count == 16)
  }

  /// A helper's interrupt ends the sweep on all ranks; what is done is kept.
  @Test(arguments: [0, 1, 2])
  func anInterruptOfOneRankStopsAll(rank: Int) throws {
    let begun = Atomic(0)
    let runs = Self.runs(
      updates: 200_000_000, made: { _ in begun.add(1, ordering: .relaxed) })
    let shared = try ThreadRanks.run(3) { ranks in
      try Self.make(
        runs, on: ranks,
        until: { [number = ranks.number] in
          number == rank && begun.load(ordering: .relaxed) >= 7
        })
    }[0]
    // The passes were made before.
    #expect(shared.results.isEmpty)
  }

  /// Nothing is left to make: the helpers are let go.
  @Test func nothingMissingEndsAtOnce() throws {
    let shared = try ThreadRanks.run(2) { try Self.make([], on: $0) }
    #expect(shared[0].results.isEmpty)
  }

  @Test func messagesKeepEveryBit() throws {
    let measures = RunMeasures(
      outcome: .diverged, updates: 3, updatesToSolve: nil, finalLoss: .nan, isValidation: true,
      bestLoss: 0.1, testLoss: .infinity, bestTestLoss: nil, clippedFraction: 1.0 / 3,
      meanNorm: .leastNonzeroMagnitude, maxNorm: -.infinity, effectiveStep: nil, clipAngle: 90,
      seconds: 1e300)
    let heard = try ThreadRanks.run(2) { ranks in
      if ranks.isFirst {
        try ranks.send(SweepMessage.trained(run: 7, measures, cpu: "a CPU"), to: 1)
        return nil as SweepMessage?
      }
      while true {
        if let (_, message) = try ranks.receive(SweepMessage.self) { return message }
      }
    }
    guard case .trained(7, let read, "a CPU") = heard[1] else {
      Issue.record("got \(String(describing: heard[1]))")
      return
    }
    #expect(read.finalLoss.isNaN && read.testLoss == .infinity && read.maxNorm == -.infinity)
    #expect(
      read.clippedFraction == 1.0 / 3 && read.meanNorm == .leastNonzeroMagnitude
        && read.updatesToSolve == nil)
  }
}
