import Synchronization
import UnrollDenseMath
import UnrollText
import UnrollTraining

/// Watches the runs of a ``SweepStudy``. Its methods are called on several threads at once.
public protocol SweepObserver: Sendable {
  /// These runs are about to be made without clipping, for their mean norms. The `number` in the calls
  /// that follow is a run's index in `runs`.
  func willMeasure(_ runs: [SweepRun])
  /// These runs are about to begin, likewise.
  func willTrain(_ runs: [SweepRun])
  /// A run has made an update, of as many as it will make at most.
  func didUpdate(_ record: UpdateRecord, of number: Int, updates: Int)
  /// A run has ended.
  func didEnd(_ measures: RunMeasures, of number: Int)
  /// A run without clipping has ended, which was made for its mean norm; nil where no norm was finite.
  func didMeasure(meanNorm: Double?, of number: Int)
  /// All of the runs have ended.
  func didTrain()
}

/// Where a ``SweepStudy`` keeps its results. It is called by one thread at a time.
public protocol RunStore: AnyObject {
  /// Whether the result of `run` is there.
  func hasResult(of run: SweepRun) -> Bool
  /// Keeps a result, and puts it onto the disk: it took the run's time to compute.
  func append(_ measures: RunMeasures, reference: MeanNorm?, of run: SweepRun) throws
  /// The mean norm of a pass without clipping; nil where it is still to be measured.
  func meanNorm(ofPass id: String) -> MeanNorm?
  /// Keeps the mean norm of a pass without clipping.
  func append(_ norm: MeanNorm, ofPass id: String) throws
}

/// Many training runs, a few at a time: the engine of every comparison.
///
/// Each run has one thread, and as many runs as there are threads are made at a time. So the numbers of
/// a run do not depend on the other runs. Runs that the store has already are not made again.
public final class SweepStudy: Sendable {
  /// What the threads share.
  private struct State {
    let store: any RunStore
    /// The index of the next run to begin.
    var next = 0
    /// The first thing that went wrong.
    var failure: (any Error)?
  }

  /// All runs of the sweep.
  public let runs: [SweepRun]
  private let threads: Int
  private let normUpdates: Int
  private let keeping: Keeping
  private let shouldStop: @Sendable () -> Bool
  private let state: Mutex<State>

  /// What is read and kept of each run.
  public struct Keeping: Sendable {
    /// The files that are kept.
    public var files = KeptFiles.none
    /// The folder in which `runs/ID` is made.
    public var folder = "."
    /// Whether the test losses are read at the end of a run.
    public var test = true

    /// The test losses, and no files.
    public init() {}
  }

  /// - Parameters:
  ///   - runs: what to train.
  ///   - store: where the results go.
  ///   - threads: how many runs to make at a time, at least 1.
  ///   - normUpdates: the number of updates over which mean norms are taken.
  ///   - keeping: what is read and kept of each run.
  ///   - shouldStop: called after every update; returning true ends the sweep early.
  public init(
    _ runs: [SweepRun], store: sending any RunStore, threads: Int = 1, normUpdates: Int = 500,
    keeping: Keeping = Keeping(), until shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    require(threads >= 1, "expected at least 1 thread, got \(threads)")
    self.runs = runs
    self.threads = threads
    self.normUpdates = normUpdates
    self.keeping = keeping
    self.shouldStop = shouldStop
    state = Mutex(State(store: store))
  }

  /// The runs whose result is still missing.
  public var missing: [SweepRun] {
    state.withLock { state in runs.filter { !state.store.hasResult(of: $0) } }
  }

  /// The runs that have to be made without clipping first, for the mean norms that the thresholds of
  /// ``missing`` are multiples of: one for each pass that is not in the store.
  public var unclippedPasses: [SweepRun] {
    let runs = missing.filter(\.threshold.needsMeanNorm).distinct(by: \.unclippedPass)
    return state.withLock { state in
      runs.filter { state.store.meanNorm(ofPass: $0.unclippedPass) == nil }
    }
  }

  /// Makes the missing runs.
  ///
  /// - Throws: the first error of a run or its plan, after the runs in progress have stopped. The
  ///   results of the runs that have ended are kept.
  public func train(observer: (any SweepObserver)? = nil) throws {
    let (missing, passes) = (missing, unclippedPasses)
    if !passes.isEmpty { observer?.willMeasure(passes) }
    share(passes) { run, number in
      let norm = try run.meanNorm(updates: self.normUpdates, until: { self.mustStop }) {
        observer?.didUpdate($0, of: number, updates: $1)
      }
      guard let norm else { return }
      try self.state.withLock { try $0.store.append(norm, ofPass: run.unclippedPass) }
      observer?.didMeasure(meanNorm: norm.norm, of: number)
    }
    if !passes.isEmpty { observer?.didTrain() }
    if !missing.isEmpty { observer?.willTrain(missing) }
    share(missing) { run, number in
      let norm =
        run.threshold.needsMeanNorm
        ? self.state.withLock { $0.store.meanNorm(ofPass: run.unclippedPass) } : nil
      let keeper = RunKeeper(
        kept: self.keeping.files, folder: "\(self.keeping.folder)/runs/\(run.id)",
        metadata: run.metadata)
      let measures = try run.train(
        meanNorm: norm, keeper: keeper, takesTest: self.keeping.test, until: { self.mustStop }
      ) { observer?.didUpdate($0, of: number, updates: $1) }
      guard let measures else { return }
      try self.state.withLock { try $0.store.append(measures, reference: norm, of: run) }
      observer?.didEnd(measures, of: number)
    }
    if !missing.isEmpty { observer?.didTrain() }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// Calls `body` with every run, on as many threads as there are.
  private func share(
    _ runs: [SweepRun], _ body: @escaping @Sendable (SweepRun, _ number: Int) throws -> Void
  ) {
    guard !runs.isEmpty else { return }
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
  }

  private func takeNext(of total: Int) -> Int? {
    state.withLock { state in
      guard state.next < total, state.failure == nil, !shouldStop() else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  private var mustStop: Bool { shouldStop() || state.withLock { $0.failure != nil } }

  /// Calls `body` with the store, by itself.
  public func withStore<Result: Sendable>(_ body: (any RunStore) throws -> sending Result) rethrows
    -> Result
  { try state.withLock { try body($0.store) } }
}
