import Synchronization
import UnrollCommandLine
import UnrollOptimization
import UnrollStudies
import UnrollText
import UnrollTraining

/// What is known of a run of a sweep before it is made.
struct RunOutlook {
  /// The most updates it makes.
  var updates: Int
  /// The multiplications of an update, roughly: what shares of a sweep are balanced by.
  var costPerUpdate: Double
  /// Whether its task can be solved.
  var hasCriterion: Bool

  /// The multiplications of the run.
  var cost: Double { Double(updates) * costPerUpdate }
}

/// Shows a sweep's runs on the terminal, with the time that is left for all of them.
final class SweepProgress: SweepObserver {
  private struct State {
    var table: LiveTable?
    /// The runs shown, by their places: their names, and their numbers in `timeLeft`.
    var shown: [(id: String, number: Int)] = []
    var timeLeft: SweepTimeLeft
  }

  private let options: [String]
  private let outlooks: [String: RunOutlook]
  private let normUpdates: Int
  private let settings: [SweepSetting: Int]
  /// The numbers of the runs to be trained in the state's `timeLeft`.
  private let numbers: [String: Int]
  private let terminal: Terminal
  private let clock = MonotonicClock.seconds()
  private let state: Mutex<State>

  /// - Parameters:
  ///   - options: the options that are varied.
  ///   - runs: the runs to be trained.
  ///   - outlooks: what is known of them, by their names.
  ///   - normUpdates: the number of updates over which mean norms are taken.
  ///   - threads: how many runs are made at a time.
  init(
    _ options: [String], runs: [SweepRun], outlooks: [String: RunOutlook], normUpdates: Int,
    threads: Int, on terminal: Terminal
  ) {
    self.options = options
    self.outlooks = outlooks
    self.normUpdates = normUpdates
    self.terminal = terminal
    let settings = Dictionary(
      runs.map(\.setting).distinct(by: \.self).enumerated().map { ($1, $0) },
      uniquingKeysWith: { first, _ in first })
    var timeLeft = SweepTimeLeft(threads: threads)
    var numbers: [String: Int] = [:]
    for run in runs {
      numbers[run.id] = timeLeft.add(Self.work(of: run, settings, outlooks))
    }
    (self.settings, self.numbers) = (settings, numbers)
    state = Mutex(State(timeLeft: timeLeft))
  }

  private static func work(
    of run: SweepRun, _ settings: [SweepSetting: Int], _ outlooks: [String: RunOutlook]
  ) -> SweepTimeLeft.Work {
    let outlook = outlooks[run.id]
    return .init(
      setting: settings[run.setting] ?? 0, perUpdate: outlook?.costPerUpdate ?? 1,
      updates: outlook?.updates ?? 1)
  }

  func willMeasure(_ runs: [SweepRun]) {
    let shown = state.withLock { state in
      runs.map { run in
        var work = Self.work(of: run, settings, outlooks)
        work.updates = normUpdates
        return (run.id, state.timeLeft.add(work))
      }
    }
    // They are made without clipping.
    let clip = options.firstIndex(of: OptionKey<Clipping>.clip.name)
    let labels = runs.map { run in
      run.setting.values.enumerated().map { $0 == clip ? Clipping.none.description : $1 }
    }
    begin(runs, labels, shown, as: .passes)
  }

  func willTrain(_ runs: [SweepRun]) {
    begin(runs, runs.map(\.setting.values), runs.map { ($0.id, numbers[$0.id] ?? 0) }, as: .runs)
  }

  private func begin(
    _ runs: [SweepRun], _ labels: [[String]], _ shown: [(id: String, number: Int)],
    as subject: LiveTable.Subject
  ) {
    let width = terminal.isLive ? labelWidth(of: runs) : Int.max
    let table = LiveTable(
      header: options.map { $0.shortened(to: width) } + ["seed"],
      labels: zip(runs, labels).map { run, values in
        values.map { $0.shortened(to: width) } + ["\(run.seed)"]
      },
      of: subject, writesEnds: false, on: terminal, remaining: { [weak self] in self?.timeLeft },
      clock: clock)
    state.withLock { state in
      state.table = table
      state.shown = shown
    }
  }

  /// The most characters of an option's name and values that leave room for seed and progress: only what
  /// is longer is shortened.
  private func labelWidth(of runs: [SweepRun]) -> Int {
    let updates = runs.compactMap { outlooks[$0.id]?.updates }.max() ?? 1
    let seed = max(4, runs.map { "\($0.seed)".count }.max() ?? 0)
    let room = LiveTable.labelRoom(updates: updates, on: terminal) - seed
    let widths = options.indices.map { place in
      max(options[place].count, runs.map { $0.setting.values[place].count }.max() ?? 0)
    }
    let least = 6
    return (least...max(least, widths.max() ?? 0)).last { width in
      widths.reduce(0) { $0 + min($1, width) + 2 } <= room
    } ?? least
  }

  func didUpdate(_ record: UpdateRecord, of number: Int, updates: Int) {
    let now = clock()
    // Not where another run has it: training waits for no table.
    let table = state.withLockIfAvailable { state in
      state.timeLeft.update(
        state.shown[number].number, update: record.update, of: updates, at: now)
      return state.table
    }
    table??.update(number, step: record.update, of: updates, loss: record.loss)
  }

  /// `3m 00s to 4m 30s left`
  private var timeLeft: String? {
    guard let range = state.withLock({ $0.timeLeft.estimate() }) else { return nil }
    guard range.upperBound >= 10 else { return "a few seconds left" }
    func text(_ seconds: Double) -> String { NumberText.duration(Self.rounded(seconds)) }
    let (low, high) = (text(range.lowerBound), text(range.upperBound))
    return low == high ? "about \(low) left" : "\(low) to \(high) left"
  }

  /// Digits that an estimate does not know would only flicker.
  private static func rounded(_ seconds: Double) -> Double {
    let steps = [1.0, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400]
    let step = steps.last { $0 <= seconds / 12 } ?? 1
    return (seconds / step).rounded() * step
  }

  func didEnd(_ measures: RunMeasures, of number: Int) {
    let (table, id) = end(number)
    let shown = measures.outcome.shown(hasCriterion: outlooks[id]?.hasCriterion ?? true)
    table?.end(
      number, outcome: shown.text, shown.verdict,
      detail: RunMeasures.shown(measures.testLoss ?? measures.finalLoss))
  }

  func didMeasure(meanNorm: Double?, of number: Int) {
    end(number).table?.end(
      number, outcome: "measured", .good,
      detail: "mean norm \(meanNorm.map(NumberText.significant) ?? "not finite")")
  }

  private func end(_ number: Int) -> (table: LiveTable?, id: String) {
    let now = clock()
    return state.withLock { state in
      state.timeLeft.end(state.shown[number].number, at: now)
      return (state.table, state.shown[number].id)
    }
  }

  func didTrain() { state.withLock { $0.table }?.finish() }
}
