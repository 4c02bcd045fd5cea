import Synchronization
import UnrollDenseMath
import UnrollTraining

/// Watches a comparison's runs. Told from several threads.
package protocol ClipStudyObserver: Sendable {
  /// These runs, of up to `updates` updates each, are about to begin; numbers count among them.
  func willTrain(_ runs: [ClipRun], updates: Int)
  func didUpdate(_ record: UpdateRecord, of number: Int)
  func didEnd(_ result: ClipResult, of number: Int)
  /// An unclipped pass has ended; nil where no norm was finite.
  func didMeasure(meanNorm: Double?, of number: Int)
  /// All of the runs have ended.
  func didTrain()
}

/// A comparison of training runs: trains those that its log does not have, as many at a time as there
/// are threads and one thread a run, so that a run's numbers depend on its own settings alone.
package final class ClipStudy: Sendable {
  /// What the threads share.
  private struct State {
    let log: ClipLog
    /// The mean norms of unclipped passes, by those passes.
    var meanNorms: [ClipResult.Key: MeanNorm] = [:]
    /// The number of the next run that waits.
    var next = 0
    /// The first thing that went wrong.
    var failure: (any Error)?
  }

  package let runs: [ClipRun]
  private let threads: Int
  private let normUpdates: Int
  private let plan: @Sendable (ClipRun) throws -> TrainingPlan
  private let shouldStop: @Sendable () -> Bool
  private let state: Mutex<State>

  /// - Parameters:
  ///   - log: takes the results; not to be used elsewhere meanwhile.
  ///   - normUpdates: the updates over which a mean norm is taken.
  ///   - plan: a run's training, but for clipping, window and threads.
  ///   - shouldStop: asked after every update.
  package init(
    _ runs: [ClipRun], log: sending ClipLog, threads: Int, normUpdates: Int,
    plan: @escaping @Sendable (ClipRun) throws -> TrainingPlan,
    until shouldStop: @escaping @Sendable () -> Bool
  ) {
    self.runs = runs
    self.threads = threads
    self.normUpdates = normUpdates
    self.plan = plan
    self.shouldStop = shouldStop
    state = Mutex(State(log: log))
  }

  /// The runs that are not in the log.
  package var missing: [ClipRun] {
    state.withLock { state in runs.filter { state.log.results[$0.key] == nil } }
  }

  /// Whether runs under other windows than the task's own are among the results.
  package var comparesWindows: Bool { state.withLock { $0.log.comparesWindows } }

  /// The runs of ``missing`` whose mean norm has to be measured first.
  package var unclippedPasses: [ClipRun] {
    var passes: [ClipRun] = []
    for run in missing where run.threshold.needsMeanNorm {
      if !passes.contains(where: { $0.key == run.unclipped.key }) { passes.append(run.unclipped) }
    }
    return passes
  }

  /// Trains the missing runs.
  ///
  /// - Parameter updates: of a run, at most.
  /// - Throws: what a run throws; the rows of those that ended are kept.
  package func train(updates: Int, observer: any ClipStudyObserver) throws {
    let (missing, passes) = (missing, unclippedPasses)
    if !passes.isEmpty {
      share(passes, updates: normUpdates, observer) { run, number in
        let norm = try run.meanNorm(
          self.plan(run), updates: self.normUpdates, until: { self.mustStop },
          report: { observer.didUpdate($0, of: number) })
        self.state.withLock { $0.meanNorms[run.key] = norm }
        observer.didMeasure(meanNorm: norm.norm, of: number)
      }
    }
    share(missing, updates: updates, observer) { run, number in
      let norm = self.state.withLock { $0.meanNorms[run.unclipped.key] }
      let result = try run.train(
        self.plan(run), meanNorm: norm, until: { self.mustStop },
        report: { observer.didUpdate($0, of: number) })
      guard let result else { return }
      try self.state.withLock { try $0.log.append(result) }
      observer.didEnd(result, of: number)
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// Deals `runs` out to the threads, each to be done by `body`.
  private func share(
    _ runs: [ClipRun], updates: Int, _ observer: any ClipStudyObserver,
    _ body: @escaping @Sendable (ClipRun, _ number: Int) throws -> Void
  ) {
    guard !runs.isEmpty else { return }
    observer.willTrain(runs, updates: updates)
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
    observer.didTrain()
  }

  private func takeNext(of total: Int) -> Int? {
    state.withLock { state in
      guard state.next < total, state.failure == nil, !shouldStop() else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  private var mustStop: Bool { shouldStop() || state.withLock { $0.failure != nil } }

  /// Gives the log its name and order.
  ///
  /// - Returns: the results, those of ``runs`` first.
  /// - Throws: `FileError.cannotWrite`.
  package func finish() throws -> [ClipResult] {
    try state.withLock { state in
      let results = state.log.ordered(as: runs)
      try state.log.finish(results)
      return results
    }
  }
}
