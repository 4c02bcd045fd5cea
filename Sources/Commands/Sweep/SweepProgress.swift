import Synchronization
import UnrollCommandLine
import UnrollStudies
import UnrollText
import UnrollTraining

/// Shows a sweep's runs on the terminal, with the time that is left for all of them.
final class SweepProgress: SweepObserver {
  private struct State {
    var table: LiveTable?
    var runs: [(start: Double, updates: Int, total: Int)?] = []
  }

  private let options: [String]
  private let threads: Int
  private let terminal: Terminal
  private let clock = MonotonicClock.seconds()
  private let state = Mutex(State())

  init(_ options: [String], threads: Int, on terminal: Terminal) {
    self.options = options
    self.threads = threads
    self.terminal = terminal
  }

  func willMeasure(_ runs: [SweepRun]) { begin(runs) }

  func willTrain(_ runs: [SweepRun]) { begin(runs) }

  private func begin(_ runs: [SweepRun]) {
    // The settings are shortened to the room that progress and seed leave.
    let room = terminal.diagnosticsSize.columns - 62
    let width = terminal.isLive ? max(6, room / max(options.count, 1) - 2) : Int.max
    let table = LiveTable(
      header: options.map { $0.shortened(to: width) } + ["seed"],
      labels: runs.map { run in run.setting.values.map { $0.shortened(to: width) } + ["\(run.seed)"]
      },
      writesEnds: false, on: terminal, remaining: { [weak self] in self?.timeLeft }, clock: clock)
    state.withLock { $0 = State(table: table, runs: runs.map { _ in nil }) }
  }

  func didUpdate(_ record: UpdateRecord, of number: Int, updates: Int) {
    let now = clock()
    let table = state.withLock { state in
      let start = state.runs[number]?.start ?? now
      state.runs[number] = (start, record.update, updates)
      return state.table
    }
    table?.update(number, step: record.update, of: updates, loss: record.loss)
  }

  /// From the updates that are made: how long the rest takes at the speed of the faster and of the
  /// slower runs.
  private var timeLeft: String? {
    let now = clock()
    let (left, speeds) = state.withLock { state in
      let known = state.runs.compactMap(\.self)
      let usual = known.isEmpty ? 0 : known.reduce(0) { $0 + $1.total } / known.count
      let left = state.runs.reduce(0) { $0 + ($1.map { $0.total - $0.updates } ?? usual) }
      let speeds = known.filter { $0.updates > 1 && $0.total > $0.updates }
        .map { (now - $0.start) / Double($0.updates) }.sorted()
      return (left, speeds)
    }
    guard left > 0, let fast = speeds.first, let slow = speeds.last else { return nil }
    func text(_ seconds: Double) -> String { NumberText.duration(seconds) }
    let (low, high) = (
      text(Double(left) * fast / Double(threads)), text(Double(left) * slow / Double(threads))
    )
    return low == high ? "about \(low) left" : "\(low) to \(high) left"
  }

  func didEnd(_ measures: RunMeasures, of number: Int) {
    let verdict: LiveTable.Verdict =
      switch measures.outcome {
      case .solved: .good
      case .unsolved: .fair
      case .diverged: .bad
      }
    end(number)?.end(
      number, outcome: measures.outcome.rawValue, verdict,
      detail: "loss \(NumberText.significant(measures.testLoss ?? measures.finalLoss))")
  }

  func didMeasure(meanNorm: Double?, of number: Int) {
    end(number)?.end(
      number, outcome: "measured", .good,
      detail: "mean norm \(meanNorm.map(NumberText.significant) ?? "not finite")")
  }

  /// A run that ends early has no update left.
  private func end(_ number: Int) -> LiveTable? {
    state.withLock { state in
      if let run = state.runs[number] {
        state.runs[number] = (run.start, run.total, run.total)
      }
      return state.table
    }
  }

  func didTrain() { state.withLock { $0.table }?.finish() }
}
