import Synchronization
import UnrollTraining

/// Watches the runs of a ``ClipStudy``. Its methods are called on several threads at once.
public protocol ClipStudyObserver: Sendable {
  /// These runs are about to begin. The `number` in the calls that follow is a run's index in `runs`.
  func willTrain(_ runs: [ClipRun])
  /// A run has made an update, of as many as it will make at most.
  func didUpdate(_ record: UpdateRecord, of number: Int, updates: Int)
  /// A run has ended.
  func didEnd(_ result: ClipResult, of number: Int)
  /// A run without clipping has ended, which was made for its mean norm; nil where no norm was finite.
  func didMeasure(meanNorm: Double?, of number: Int)
  /// All of the runs have ended.
  func didTrain()
}

/// A comparison of clipping thresholds: the same training under each of them, over several seeds.
///
/// ```swift
/// let sweep = ClipSweep(
///   cells: [("lstm", CellSpecification(.lstm))], thresholds: [.rule(.none), .rule(.norm(0.1))],
///   seeds: 1..<3)
/// var settings = TrainingSettings()
/// settings.updates = 500
/// let (training, window) = (settings, settings.truncation)
///
/// func plan(_ run: ClipRun) throws -> TrainingPlan {
///   let task = try AddingTask(length: 20, seed: UInt64(run.seed))
///   return TrainingPlan(
///     task: task, specification: run.specification,
///     configuration: ModelConfiguration(input: task.input, target: task.target, hidden: 32),
///     settings: training, seed: UInt64(run.seed))
/// }
///
/// let study = ClipStudy(
///   sweep.runs(ownWindow: window), log: try ClipLog(path: "clip.csv", ownWindow: window),
///   threads: 2, plan: plan)
/// try study.train()
/// let summary = ClipSummary(plan: try plan(study.runs[0]), results: try study.finish())
/// try summary.figure.write(to: ".", name: "clip")
/// ```
///
/// Each run has one thread, and as many runs as there are threads are made at a time. So the numbers
/// of a run do not depend on the other runs. Runs that the log has already are not repeated: the
/// example, run again with more seeds, trains only the new ones.
public final class ClipStudy: Sendable {
  /// All runs of the comparison.
  public let runs: [ClipRun]
  private let plan: @Sendable (ClipRun) throws -> TrainingPlan
  private let engine: SweepStudy

  /// - Parameters:
  ///   - runs: what to compare, usually those of a ``ClipSweep``.
  ///   - log: where the results go.
  ///   - threads: how many runs to make at a time, at least 1.
  ///   - normUpdates: the number of updates over which mean norms are taken.
  ///   - plan: makes a run's training plan, with the run's seed. The run replaces the plan's clipping
  ///     rule, window and number of threads, and stops when the task is solved.
  ///   - ranks: the processes that share the runs. This one is rank 0; the others work for it with a
  ///     ``helper(_:threads:normUpdates:ranks:plan:until:)``.
  ///   - shouldStop: called after every update; returning true ends the comparison early.
  public init(
    _ runs: [ClipRun], log: sending ClipLog, threads: Int = 1, normUpdates: Int = 500,
    ranks: Ranks = .single, plan: @escaping @Sendable (ClipRun) throws -> TrainingPlan,
    until shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.runs = runs
    self.plan = plan
    engine = SweepStudy(
      runs.map { $0.sweepRun(plan: plan) }, store: ClipStore(log, runs), threads: threads,
      normUpdates: normUpdates, keeping: Self.keeping, ranks: ranks, until: shouldStop)
  }

  /// What makes runs for rank 0's study on another of `ranks`. The parameters are those of the study.
  public static func helper(
    _ runs: [ClipRun], threads: Int = 1, normUpdates: Int = 500, ranks: Ranks,
    plan: @escaping @Sendable (ClipRun) throws -> TrainingPlan,
    until shouldStop: @escaping @Sendable () -> Bool = { false }
  ) -> SweepHelper {
    SweepHelper(
      runs.map { $0.sweepRun(plan: plan) }, threads: threads, normUpdates: normUpdates,
      keeping: keeping, ranks: ranks, until: shouldStop)
  }

  private static var keeping: SweepStudy.Keeping {
    var keeping = SweepStudy.Keeping()
    // A comparison is there to choose by.
    keeping.test = false
    return keeping
  }

  /// The runs that are not in the log.
  public var missing: [ClipRun] { clipRuns(engine.missing) }

  /// The runs without clipping that have to be made first, for the mean norms that the thresholds of
  /// ``missing`` are multiples of.
  public var unclippedPasses: [ClipRun] { clipRuns(engine.unclippedPasses).map(\.unclipped) }

  private func clipRuns(_ sweepRuns: [SweepRun]) -> [ClipRun] {
    let names = Set(sweepRuns.map(\.id))
    return runs.filter { names.contains($0.key.name) }
  }

  /// Whether some results are of runs under a window other than the plans' own.
  public var comparesWindows: Bool {
    engine.withStore { ($0 as? ClipStore)?.log.comparesWindows ?? false }
  }

  /// Makes the missing runs.
  ///
  /// - Throws: The first error of a run or its plan, after the runs in progress have stopped. The
  ///   results of the runs that have ended are kept.
  public func train(observer: (any ClipStudyObserver)? = nil) throws {
    try engine.train(observer: observer.map { Relay(study: self, observer: $0) })
  }

  /// Puts the log in order and closes it.
  ///
  /// - Returns: All results of the log, as ``ClipLog/ordered(as:)`` has them.
  /// - Throws: `FileError.cannotWrite`.
  public func finish() throws -> [ClipResult] {
    try engine.withStore { store in
      guard let log = (store as? ClipStore)?.log else { return [] }
      let results = log.ordered(as: runs)
      try log.finish(results)
      return results
    }
  }

  /// Tells a comparison's observer what the engine says.
  private final class Relay: SweepObserver {
    private let study: ClipStudy
    private let observer: any ClipStudyObserver
    private let present = Mutex<[ClipRun]>([])

    init(study: ClipStudy, observer: any ClipStudyObserver) {
      self.study = study
      self.observer = observer
    }

    func willMeasure(_ runs: [SweepRun]) { begin(study.clipRuns(runs).map(\.unclipped)) }

    func willTrain(_ runs: [SweepRun]) { begin(study.clipRuns(runs)) }

    private func begin(_ runs: [ClipRun]) {
      present.withLock { $0 = runs }
      observer.willTrain(runs)
    }

    func didUpdate(_ record: UpdateRecord, of number: Int, updates: Int) {
      observer.didUpdate(record, of: number, updates: updates)
    }

    func didEnd(_ measures: RunMeasures, of number: Int) {
      let key = present.withLock { $0[number].key }
      observer.didEnd(ClipResult(key: key, measures), of: number)
    }

    func didMeasure(meanNorm: Double?, of number: Int) {
      observer.didMeasure(meanNorm: meanNorm, of: number)
    }

    func didTrain() { observer.didTrain() }
  }
}

/// A ``ClipLog`` as the engine's store.
private final class ClipStore: RunStore {
  let log: ClipLog
  private let keys: [String: ClipResult.Key]
  private var meanNorms: [String: MeanNorm] = [:]

  init(_ log: ClipLog, _ runs: [ClipRun]) {
    self.log = log
    keys = Dictionary(runs.map { ($0.key.name, $0.key) }) { first, _ in first }
    for run in runs {
      // Another threshold of the same pass has its mean norm on record.
      if let found = log.results[run.key], let norm = found.referenceNorm,
        let steps = found.referenceSteps
      {
        meanNorms[run.unclipped.key.name] = MeanNorm(norm: norm, steps: steps)
      }
    }
  }

  func hasResult(of run: SweepRun) -> Bool {
    keys[run.id].map { log.results[$0] != nil } ?? false
  }

  func append(
    _ measures: RunMeasures, of run: SweepRun, cpu: String
  ) throws {
    guard let key = keys[run.id] else { return }
    try log.append(ClipResult(key: key, measures, reference: reference(of: run)))
  }

  func meanNorm(ofPass id: String) -> MeanNorm? { meanNorms[id] }

  func append(_ norm: MeanNorm, ofPass id: String) { meanNorms[id] = norm }
}
