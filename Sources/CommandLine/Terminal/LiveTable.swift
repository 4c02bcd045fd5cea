import Synchronization
import UnrollText

/// The progress of many runs on stderr, run by run.
///
/// On a terminal a table is redrawn in place, at most ten times a second; when it is higher than
/// the terminal, the runs that wait or are done are shown as counts. Elsewhere a plain line is
/// written when a run ends, and the counts when nothing ended for ten seconds. Runs may report from
/// several threads.
package final class LiveTable: Sendable {
  /// How good an outcome is; it decides the color only.
  package enum Verdict: Sendable {
    case good, fair, bad

    fileprivate var style: TextStyle {
      switch self {
      case .good: .green
      case .fair: .yellow
      case .bad: .red
      }
    }
  }

  /// What is made.
  package enum Subject: String, Sendable {
    case runs
    /// Short runs whose gradient norms are measured first.
    case passes
  }

  private enum RunState {
    case waiting
    case running(step: Int, total: Int, loss: Double)
    case ended(outcome: String, Verdict, detail: String)
  }

  private struct State {
    var runs: [RunState]
    var lastDrawn: Double
  }

  private let terminal: Terminal
  private let labels: [[String]]
  private let header: [String]
  private let subject: Subject
  private let clock: SecondsClock
  private let interval: Double
  private let remaining: @Sendable () -> String?
  private let writesEnds: Bool
  private let state: Mutex<State>

  /// - Parameters:
  ///   - header: what the labels' cells mean: `cell`, `clip`, `seed`.
  ///   - labels: one row of cells for each run.
  ///   - subject: what is made.
  ///   - writesEnds: whether a line is written at the end of each run where there is no terminal.
  ///   - remaining: how much longer it will take, behind the counts.
  package init(
    header: [String], labels: [[String]], of subject: Subject = .runs, writesEnds: Bool = true,
    on terminal: Terminal,
    remaining: @escaping @Sendable () -> String? = { nil },
    clock: @escaping SecondsClock = MonotonicClock.seconds()
  ) {
    for cells in labels {
      require(
        cells.count == header.count, "expected \(header.count) cells a label, got \(cells.count)")
    }
    self.header = header
    self.subject = subject
    self.labels = labels
    self.terminal = terminal
    self.clock = clock
    self.remaining = remaining
    self.writesEnds = writesEnds
    interval = terminal.isLive ? 0.1 : writesEnds || subject == .passes ? 10 : 60
    let runs = [RunState](repeating: .waiting, count: labels.count)
    // On a terminal the first report draws at once.
    state = Mutex(State(runs: runs, lastDrawn: clock() - (terminal.isLive ? interval : 0)))
  }

  /// The columns that are left for labels beside bar, step, loss and the gaps between, of runs of
  /// `updates` updates.
  package static func labelRoom(updates: Int, on terminal: Terminal) -> Int {
    let count = NumberText.count(updates).count
    return terminal.diagnosticsSize.columns - 1 - (12 + 2 * count + 1 + 14 + 2 * 3)
  }

  /// Records an update of a run, but where another run is at it: training waits for no table, and the
  /// run's next update is soon.
  package func update(_ run: Int, step: Int, of total: Int, loss: Double) {
    let now = clock()
    _ = state.withLockIfAvailable { state in
      state.runs[run] = .running(step: step, total: total, loss: loss)
      if now - state.lastDrawn >= interval { draw(&state, at: now) }
    }
  }

  /// Records the end of a run. `detail` is a few words on how it went; may be empty.
  package func end(_ run: Int, outcome: String, _ verdict: Verdict, detail: String = "") {
    let now = clock()
    state.withLock { state in
      state.runs[run] = .ended(outcome: outcome, verdict, detail: detail)
      if terminal.isLive {
        draw(&state, at: now)
      } else if writesEnds {
        let label = zip(header, labels[run]).map { "\($0) \($1)" }.joined(separator: "  ")
        let done = state.runs.count { if case .ended = $0 { true } else { false } }
        let how = detail.isEmpty ? outcome : "\(outcome), \(detail)"
        terminal.note("\(label)  \(how)  (\(done) of \(state.runs.count))")
        state.lastDrawn = now
      }
    }
  }

  /// Removes the live table.
  package func finish() { terminal.clearLive() }

  // MARK: Drawing

  private func draw(_ state: inout State, at now: Double) {
    state.lastDrawn = now
    let counts = counts(state.runs, styled: terminal.isLive)
    let line = counts.outcomes.isEmpty ? counts.head : "\(counts.head): \(counts.outcomes)"
    guard terminal.isLive else { return terminal.note(line) }
    let size = terminal.diagnosticsSize
    // What does not fit on one line takes two, unless the terminal has no more.
    let fits = StyledText.columns(of: line) <= terminal.lastLiveColumns || size.rows < 4
    let status = fits || counts.outcomes.isEmpty ? [line] : [counts.head, counts.outcomes]
    // One line for the header, and one for the shell's prompt that stays in sight.
    let room = max(0, size.rows - 2 - status.count)
    var shown = Array(state.runs.indices)
    if shown.count > room {
      shown = shown.filter { if case .running = state.runs[$0] { true } else { false } }
      shown = Array(shown.prefix(room))
    }
    var lines = shown.isEmpty ? [] : table(of: shown, state.runs)
    lines += status
    terminal.drawLive(lines)
  }

  private func table(of shown: [Int], _ runs: [RunState]) -> [String] {
    var table = TextTable(header: header + ["progress", "", ""])
    for run in shown { table.append(labels[run] + cells(runs[run])) }
    return table.lines { self.terminal.diagnosticsStyled($0, .bold) }
  }

  /// The last three columns: a bar or the outcome, the step, the loss or the detail.
  private func cells(_ run: RunState) -> [String] {
    switch run {
    case .waiting:
      return [terminal.diagnosticsStyled("waiting", .dim), "", ""]
    case .running(let step, let total, let loss):
      let share = Double(step) / Double(max(1, total))
      return [
        ProgressBar.text(done: share, width: 12, unicode: terminal.hasUnicode),
        "\(NumberText.count(step))/\(NumberText.count(total))",
        "loss \(NumberText.significant(loss))",
      ]
    case .ended(let outcome, let verdict, let detail):
      return [terminal.diagnosticsStyled(outcome, verdict.style), "", detail]
    }
  }

  /// `3 of 30 runs done, 2 running, 25 waiting` and `2 solved, 1 diverged`.
  private func counts(_ runs: [RunState], styled: Bool) -> (head: String, outcomes: String) {
    var running = 0
    var waiting = 0
    var outcomes: [(name: String, verdict: Verdict, count: Int)] = []
    for run in runs {
      switch run {
      case .waiting: waiting += 1
      case .running: running += 1
      case .ended(let outcome, let verdict, _):
        if let known = outcomes.firstIndex(where: { $0.name == outcome }) {
          outcomes[known].count += 1
        } else {
          outcomes.append((outcome, verdict, 1))
        }
      }
    }
    let done = runs.count - running - waiting
    let head =
      "\(done) of \(runs.count) \(subject.rawValue) done, \(running) running, \(waiting) waiting"
    let tail = outcomes.sorted { $0.name < $1.name }.map { name, verdict, count in
      let text = "\(count) \(name)"
      return styled ? terminal.diagnosticsStyled(text, verdict.style) : text
    }
    return (remaining().map { "\(head), \($0)" } ?? head, tail.joined(separator: ", "))
  }
}
