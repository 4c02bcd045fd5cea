import Foundation
import Synchronization
import UnrollDenseMath
import UnrollText
import UnrollTraining

/// The other ranks' side of a sweep that several share: makes the runs that rank 0's ``SweepStudy`` deals,
/// and tells it how they went.
public final class SweepHelper: Sendable {
  /// What the threads share.
  private struct State {
    /// Dealt, and not begun.
    var dealt: [SweepMessage] = []
    /// To be told to rank 0.
    var news: [SweepMessage] = []
    /// Threads that make a run.
    var busy = 0
    var hasEnded = false
    /// The first thing that went wrong.
    var failure: (any Error)?
  }

  /// Seconds between two words on a run's updates.
  private static let reportInterval = 0.25

  private let runs: [SweepRun]
  private let threads: Int
  private let maker: RunMaker
  private let shouldStop: @Sendable () -> Bool
  private let ranks: Ranks
  private let state = Mutex(State())
  /// Whether rank 0 ends the sweep, or something went wrong here: every run looks at it after every
  /// update, and waits for no other.
  private let isEnding = Atomic(false)

  /// The parameters are those of rank 0's study: ``SweepStudy/init(_:store:threads:normUpdates:keeping:ranks:until:)``.
  public init(
    _ runs: [SweepRun], threads: Int = 1, normUpdates: Int = 500,
    keeping: SweepStudy.Keeping = SweepStudy.Keeping(), ranks: Ranks,
    until shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    require(threads >= 1, "expected at least 1 thread, got \(threads)")
    self.runs = runs
    self.threads = threads
    self.ranks = ranks
    self.shouldStop = shouldStop
    maker = RunMaker(normUpdates: normUpdates, keeping: keeping)
  }

  /// Makes runs until rank 0 has none left.
  ///
  /// - Throws: the first error of a run or its plan.
  public func work() throws {
    // The thread that alone may use the ranks talks, and the others make runs.
    Workers(count: threads + 1).run { [self] worker in
      if worker > 0 { return makeRuns() }
      do {
        try talk()
      } catch {
        keep(error)
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  // MARK: Talking

  private func talk() throws {
    var (isAsking, hasToldInterrupt) = (false, false)
    while state.withLock({ $0.failure == nil }) {
      let (news, isFree) = state.withLock { state in
        defer { state.news = [] }
        return (
          state.news, state.busy + state.dealt.count < threads && !isEnding.load(ordering: .relaxed)
        )
      }
      for message in news { try ranks.send(message, to: 0) }
      if shouldStop(), !hasToldInterrupt {
        hasToldInterrupt = true
        isEnding.store(true, ordering: .relaxed)
        try ranks.send(SweepMessage.interrupted, to: 0)
      }
      if isFree, !isAsking {
        isAsking = true
        try ranks.send(SweepMessage.wantsRun, to: 0)
      }
      var isIdle = news.isEmpty
      while let (_, message) = try ranks.receive(SweepMessage.self) {
        isIdle = false
        switch message {
        case .measure, .train:
          isAsking = false
          state.withLock { $0.dealt.append(message) }
        case .stop: isEnding.store(true, ordering: .relaxed)
        case .end: state.withLock { $0.hasEnded = true }
        default: break
        }
      }
      let isDone = state.withLock {
        $0.hasEnded && $0.busy == 0 && $0.dealt.isEmpty && $0.news.isEmpty
      }
      if isDone { return try ranks.send(SweepMessage.goodbye, to: 0) }
      if isIdle { SweepDealer.rest() }
    }
  }

  // MARK: Making runs

  private func makeRuns() {
    while true {
      let (message, isOver) = state.withLock { state -> (SweepMessage?, Bool) in
        guard state.failure == nil, !state.dealt.isEmpty else {
          return (nil, state.failure != nil || state.hasEnded)
        }
        state.busy += 1
        return (state.dealt.removeFirst(), false)
      }
      if isOver { return }
      guard let message else {
        SweepDealer.rest()
        continue
      }
      do {
        let news = try answer(message)
        state.withLock { state in
          if let news { state.news.append(news) }
          state.busy -= 1
        }
      } catch {
        keep(error)
      }
    }
  }

  /// What came of the run that `message` asks for.
  private func answer(_ message: SweepMessage) throws -> SweepMessage? {
    switch message {
    case .measure(let run):
      let norm = try maker.measure(
        runs[run], until: { self.mustStop }, report: reporter(of: run))
      return norm.map { .measured(run: run, $0) } ?? .gaveUp(run: run)
    case .train(let run, let reference):
      let measures = try maker.train(
        runs[run], reference: reference, until: { self.mustStop }, report: reporter(of: run))
      return measures.map { .trained(run: run, $0, cpu: CPUFeatures.name) } ?? .gaveUp(run: run)
    default: return nil
    }
  }

  private var mustStop: Bool { isEnding.load(ordering: .relaxed) }

  /// Keeps the first error for the end of ``work()``.
  private func keep(_ error: any Error) {
    state.withLock { $0.failure = $0.failure ?? error }
    isEnding.store(true, ordering: .relaxed)
  }

  /// Tells rank 0 of some of a run's updates.
  private func reporter(of run: Int) -> (UpdateRecord, Int) -> Void {
    var next = ContinuousClock.now
    return { [self] record, updates in
      let now = ContinuousClock.now
      guard now >= next else { return }
      next = now + .seconds(Self.reportInterval)
      state.withLock { $0.news.append(.updated(run: run, record, updates: updates)) }
    }
  }
}
