import Synchronization
import UnrollDenseMath
import UnrollText
import UnrollTraining

/// Watches the runs of a ``ClipStudy``. Its methods are called on several threads at once.
public protocol ClipStudyObserver: Sendable {
  /// These runs, of up to `updates` updates each, are about to begin. The `number` in the calls that
  /// follow is a run's index in `runs`.
  func willTrain(_ runs: [ClipRun], updates: Int)
  /// A run has made an update.
  func didUpdate(_ record: UpdateRecord, of number: Int)
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
  /// What the threads share.
  private struct State {
    let log: ClipLog
    /// The mean norms of unclipped passes, by those passes.
    var meanNorms: [ClipResult.Key: MeanNorm] = [:]
    /// The index of the next run to begin.
    var next = 0
    /// The first thing that went wrong.
    var failure: (any Error)?
  }

  /// All runs of the comparison.
  public let runs: [ClipRun]
  private let threads: Int
  private let normUpdates: Int
  private let plan: @Sendable (ClipRun) throws -> TrainingPlan
  private let shouldStop: @Sendable () -> Bool
  private let state: Mutex<State>

  /// - Parameters:
  ///   - runs: what to compare, usually those of a ``ClipSweep``.
  ///   - log: where the results go.
  ///   - threads: how many runs to make at a time, at least 1.
  ///   - normUpdates: the number of updates over which mean norms are taken.
  ///   - plan: makes a run's training plan, with the run's seed. The run replaces the plan's clipping
  ///     rule, window and number of threads, and stops when the task is solved.
  ///   - shouldStop: called after every update; returning true ends the comparison early.
  public init(
    _ runs: [ClipRun], log: sending ClipLog, threads: Int = 1, normUpdates: Int = 500,
    plan: @escaping @Sendable (ClipRun) throws -> TrainingPlan,
    until shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    require(threads >= 1, "expected at least 1 thread, got \(threads)")
    self.runs = runs
    self.threads = threads
    self.normUpdates = normUpdates
    self.plan = plan
    self.shouldStop = shouldStop
    state = Mutex(State(log: log))
  }

  /// The runs that are not in the log.
  public var missing: [ClipRun] {
    state.withLock { state in runs.filter { state.log.results[$0.key] == nil } }
  }

  /// Whether some results are of runs under a window other than the plans' own.
  public var comparesWindows: Bool { state.withLock { $0.log.comparesWindows } }

  /// The runs without clipping that have to be made first, for the mean norms that the thresholds of
  /// ``missing`` are multiples of.
  public var unclippedPasses: [ClipRun] {
    var passes: [ClipRun] = []
    for run in missing where run.threshold.needsMeanNorm {
      if !passes.contains(where: { $0.key == run.unclipped.key }) { passes.append(run.unclipped) }
    }
    return passes
  }

  /// Makes the missing runs.
  ///
  /// - Throws: The first error of a run or its plan, after the runs in progress have stopped. The
  ///   results of the runs that have ended are kept.
  public func train(observer: (any ClipStudyObserver)? = nil) throws {
    let (missing, passes) = (missing, unclippedPasses)
    guard let first = missing.first else { return }
    let updates = try plan(first).settings.updates
    if !passes.isEmpty {
      share(passes, updates: normUpdates, observer) { run, number in
        let norm = try run.meanNorm(
          self.plan(run), updates: self.normUpdates, until: { self.mustStop },
          report: { observer?.didUpdate($0, of: number) })
        guard let norm else { return }
        self.state.withLock { $0.meanNorms[run.key] = norm }
        observer?.didMeasure(meanNorm: norm.norm, of: number)
      }
    }
    share(missing, updates: updates, observer) { run, number in
      let norm = self.state.withLock { $0.meanNorms[run.unclipped.key] }
      let result = try run.train(
        self.plan(run), meanNorm: norm, until: { self.mustStop },
        report: { observer?.didUpdate($0, of: number) })
      guard let result else { return }
      try self.state.withLock { try $0.log.append(result) }
      observer?.didEnd(result, of: number)
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// Calls `body` with every run, on as many threads as there are.
  private func share(
    _ runs: [ClipRun], updates: Int, _ observer: (any ClipStudyObserver)?,
    _ body: @escaping @Sendable (ClipRun, _ number: Int) throws -> Void
  ) {
    guard !runs.isEmpty else { return }
    observer?.willTrain(runs, updates: updates)
    state.withLock { $0.next = 0 }
    Workers(count: min(threads, runs.count)).run { _ in
      while let number = self.takeNext(of: runs.count) {
        do {
          try body(runs[number], number)
        } catch {
          self.state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    observer?.didTrain()
  }

  private func takeNext(of total: Int) -> Int? {
    state.withLock { state in
      guard state.next < total, state.failure == nil, !shouldStop() else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  private var mustStop: Bool { shouldStop() || state.withLock { $0.failure != nil } }

  /// Puts the log in order and closes it.
  ///
  /// - Returns: All results of the log, as ``ClipLog/ordered(as:)`` has them.
  /// - Throws: `FileError.cannotWrite`.
  public func finish() throws -> [ClipResult] {
    try state.withLock { state in
      let results = state.log.ordered(as: runs)
      try state.log.finish(results)
      return results
    }
  }
}
