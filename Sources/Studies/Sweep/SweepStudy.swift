import Synchronization
import UnrollDenseMath
import UnrollFileFormats
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
  /// Keeps a result, which was computed on the CPU of that name, and puts it onto the disk: it took the
  /// run's time to compute.
  func append(_ measures: RunMeasures, of run: SweepRun, cpu: String) throws
  /// The mean norm of a pass without clipping; nil where it is still to be measured.
  func meanNorm(ofPass id: String) -> MeanNorm?
  /// Keeps the mean norm of a pass without clipping.
  func append(_ norm: MeanNorm, ofPass id: String) throws
}

extension RunStore {
  /// The mean norm that the run's threshold is a multiple of; nil for other thresholds.
  func reference(of run: SweepRun) -> MeanNorm? {
    run.threshold.needsMeanNorm ? meanNorm(ofPass: run.unclippedPass) : nil
  }
}

/// Many training runs, a few at a time: the engine of every comparison.
///
/// Each run has one thread, and as many runs as there are threads are made at a time. So the numbers of
/// a run do not depend on the other runs. Runs that the store has already are not made again.
///
/// Where several ``Ranks`` share the runs, rank 0 has the study and its store. It deals runs to the others
/// as they become free, which make them with a ``SweepHelper``, and works itself.
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
  private let maker: RunMaker
  private let ranks: Ranks
  private let shouldStop: @Sendable () -> Bool
  private let state: Mutex<State>
  /// Whether something went wrong, or another rank was interrupted: every run looks at it after every
  /// update, and waits for no other.
  private let isEnding = Atomic(false)

  /// What is read and kept of each run.
  public struct Keeping: Sendable {
    /// The files that are kept.
    public var files = KeptFiles.none
    /// The settings that vary, where runs are recorded for TensorBoard; nil records none.
    public var events: [EventSetting]?
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
  ///   - ranks: the processes that share the runs, of which this one is rank 0.
  ///   - shouldStop: called after every update; returning true ends the sweep early.
  public init(
    _ runs: [SweepRun], store: sending any RunStore, threads: Int = 1, normUpdates: Int = 500,
    keeping: Keeping = Keeping(), ranks: Ranks = .single,
    until shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    require(threads >= 1, "expected at least 1 thread, got \(threads)")
    self.runs = runs
    self.threads = threads
    self.ranks = ranks
    maker = RunMaker(normUpdates: normUpdates, keeping: keeping)
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
    let dealer = ranks.count > 1 ? SweepDealer(ranks) : nil
    if !passes.isEmpty { observer?.willMeasure(passes) }
    share(passes, Job(dealer: dealer, isPass: true, observer: observer)) { run, number in
      let norm = try self.maker.measure(run, until: { self.mustStop }) {
        observer?.didUpdate($0, of: number, updates: $1)
      }
      if let norm { try self.keep(norm, of: run, number, observer) }
    }
    if !passes.isEmpty { observer?.didTrain() }
    if !missing.isEmpty { observer?.willTrain(missing) }
    share(missing, Job(dealer: dealer, isPass: false, observer: observer)) { run, number in
      let measures = try self.maker.train(
        run, reference: self.reference(of: run), until: { self.mustStop }
      ) { observer?.didUpdate($0, of: number, updates: $1) }
      if let measures {
        try self.keep(measures, of: run, number, cpu: CPUFeatures.name, observer)
      }
    }
    if !missing.isEmpty { observer?.didTrain() }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    try dealer?.end()
  }

  private func reference(of run: SweepRun) -> MeanNorm? {
    state.withLock { $0.store.reference(of: run) }
  }

  private func keep(
    _ norm: MeanNorm, of run: SweepRun, _ number: Int, _ observer: (any SweepObserver)?
  ) throws {
    try state.withLock { try $0.store.append(norm, ofPass: run.unclippedPass) }
    observer?.didMeasure(meanNorm: norm.norm, of: number)
  }

  private func keep(
    _ measures: RunMeasures, of run: SweepRun, _ number: Int, cpu: String,
    _ observer: (any SweepObserver)?
  ) throws {
    try state.withLock { try $0.store.append(measures, of: run, cpu: cpu) }
    observer?.didEnd(measures, of: number)
  }

  // MARK: Sharing

  /// What is to be done with runs.
  private struct Job {
    /// What deals them to other ranks; nil without any.
    let dealer: SweepDealer?
    /// Whether they are made without clipping, for their mean norms.
    let isPass: Bool
    let observer: (any SweepObserver)?
  }

  /// Calls `body` with every run, on as many threads as there are, or has another rank make the run.
  private func share(
    _ runs: [SweepRun], _ job: Job,
    _ body: @escaping @Sendable (SweepRun, _ number: Int) throws -> Void
  ) {
    guard !runs.isEmpty else { return }
    state.withLock { $0.next = 0 }
    let makeOwn: @Sendable () -> Void = {
      while let number = self.takeNext(of: runs.count) {
        self.catching { try body(runs[number], number) }
      }
    }
    let threads = min(threads, runs.count)
    guard let dealer = job.dealer else { return Workers(count: threads).run { _ in makeOwn() } }
    // The calling thread, which alone may use the ranks, deals.
    let dealing = Dealing(dealer, work(runs, job))
    Workers(count: threads + 1).run { worker in
      if worker > 0 { return makeOwn() }
      self.catching { try dealing.dealer.deal(dealing.work) }
    }
  }

  /// Unchecked: only the thread that has made it uses it, which is worker 0.
  private final class Dealing: @unchecked Sendable {
    let dealer: SweepDealer
    let work: SweepDealer.Work

    init(_ dealer: SweepDealer, _ work: SweepDealer.Work) {
      (self.dealer, self.work) = (dealer, work)
    }
  }

  /// What the dealer deals, and where what the other ranks say goes.
  private func work(_ runs: [SweepRun], _ job: Job) -> SweepDealer.Work {
    // The other ranks know runs by their places among all.
    let all = Dictionary(self.runs.enumerated().map { ($1.id, $0) }) { first, _ in first }
    let places = runs.map { all[$0.id] ?? 0 }
    let numbers = Dictionary(places.enumerated().map { ($1, $0) }) { first, _ in first }
    return SweepDealer.Work(
      take: {
        self.takeNext(of: runs.count).map {
          job.isPass
            ? .measure(run: places[$0])
            : .train(run: places[$0], reference: self.reference(of: runs[$0]))
        }
      },
      isDealt: { self.state.withLock { $0.next >= runs.count } },
      mustStop: { self.mustStop },
      hear: { message in
        self.catching {
          switch message {
          case .updated(let run, let record, let updates):
            guard let number = numbers[run] else { return }
            job.observer?.didUpdate(record, of: number, updates: updates)
          case .measured(let run, let norm):
            guard let number = numbers[run] else { return }
            try self.keep(norm, of: runs[number], number, job.observer)
          case .trained(let run, let measures, let cpu):
            guard let number = numbers[run] else { return }
            try self.keep(measures, of: runs[number], number, cpu: cpu, job.observer)
          case .interrupted: self.isEnding.store(true, ordering: .relaxed)
          default: break
          }
        }
      })
  }

  /// Keeps the first error for the end of ``train(observer:)``.
  private func catching(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
      isEnding.store(true, ordering: .relaxed)
    }
  }

  private func takeNext(of total: Int) -> Int? {
    state.withLock { state in
      guard state.next < total, !mustStop else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  private var mustStop: Bool { isEnding.load(ordering: .relaxed) || shouldStop() }

  /// Calls `body` with the store, by itself.
  public func withStore<Result: Sendable>(_ body: (any RunStore) throws -> sending Result) rethrows
    -> Result
  { try state.withLock { try body($0.store) } }
}
