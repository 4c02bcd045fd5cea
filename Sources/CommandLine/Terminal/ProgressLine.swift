import Synchronization
import UnrollText

/// A training's progress on stderr.
///
/// On a terminal one line is redrawn in place, at most ten times a second; elsewhere a plain line is
/// written at every tenth of the run, or when ten seconds have passed since the last one. The loss
/// and the gradient norm shown are means over the updates since the last drawing; the share clipped
/// and the speed count from the start. An update at which nothing is drawn allocates nothing.
package final class ProgressLine: Sendable {
  private struct State {
    /// Updates since the last drawing, and their sums.
    var count = 0
    var loss = 0.0
    var norm = 0.0
    /// Updates since the start.
    var total = 0
    var clipped = 0
    var lastDrawn: Double
    var nextMark: Int
    var validation = ""
    var layout = Layout(columns: 0)
  }

  /// How the live line is laid out. It only shrinks while the terminal keeps its width, so that the
  /// numbers do not jump.
  private struct Layout {
    let columns: Int
    /// Parts of a higher rank are left out.
    var rank = 5
    var barWidth = 20
  }

  private let terminal: Terminal
  private let label: String
  private let firstStep: Int
  private let lastStep: Int
  private let clock: SecondsClock
  private let start: Double
  private let interval: Double
  private let isLive: Bool
  private let isQuiet: Bool
  private let state: Mutex<State>

  /// - Parameters:
  ///   - label: what is trained, in a few letters; may be empty.
  ///   - firstStep: updates made before, in the run that this one resumes.
  ///   - lastStep: the update at which the training ends, counted from the start.
  package init(
    _ label: String = "", firstStep: Int = 0, lastStep: Int, on terminal: Terminal,
    clock: @escaping SecondsClock = MonotonicClock.seconds()
  ) {
    self.label = label
    self.firstStep = firstStep
    self.lastStep = lastStep
    self.terminal = terminal
    self.clock = clock
    isLive = terminal.isLive
    isQuiet = terminal.isQuiet
    interval = isLive ? 0.1 : 10
    start = clock()
    state = Mutex(
      State(lastDrawn: start, nextMark: Self.mark(after: firstStep, of: lastStep)))
  }

  /// Records an update.
  ///
  /// - Parameters:
  ///   - step: the number of this update, from 1.
  ///   - gradientNorm: the global norm before clipping.
  package func update(step: Int, loss: Double, gradientNorm: Double, clipped: Bool) {
    guard !isQuiet else { return }
    let now = clock()
    state.withLock { state in
      state.count += 1
      state.loss += loss
      state.norm += gradientNorm
      state.total += 1
      if clipped { state.clipped += 1 }
      let isMark = !isLive && step >= state.nextMark
      guard isMark || now - state.lastDrawn >= interval else { return }
      draw(step: step, at: now, &state)
      state.lastDrawn = now
      state.nextMark = Self.mark(after: step, of: lastStep)
      (state.count, state.loss, state.norm) = (0, 0, 0)
    }
  }

  /// Shows a validation loss beside the training's numbers from now on.
  package func evaluated(validationLoss: Double) {
    guard !isQuiet else { return }
    let text = "validation \(NumberText.significant(validationLoss))"
    state.withLock { $0.validation = text }
  }

  /// Removes the live line.
  package func finish() { terminal.clearLive() }

  /// The first step after `step` that completes a tenth of the run, or all of it.
  private static func mark(after step: Int, of lastStep: Int) -> Int {
    guard step < lastStep else { return Int.max }
    let tenth = lastStep / 10 + (lastStep % 10 == 0 ? 0 : 1)
    return min((step / tenth + 1) * tenth, lastStep)
  }

  private func draw(step: Int, at now: Double, _ state: inout State) {
    let seconds = now - start
    let rate = seconds > 0 ? Double(step - firstStep) / seconds : .nan
    let left = rate > 0 ? Double(max(0, lastStep - step)) / rate : .nan
    let share = Double(step) / Double(max(1, lastStep))
    let steps = "\(NumberText.count(step))/\(NumberText.count(lastStep))"

    // On a narrow terminal the parts of the highest rank are left out first; rank 0 always stays.
    let name = (text: label, rank: 5)
    let numbers = [
      (text: "loss \(NumberText.significant(state.loss / Double(state.count)))", rank: 0),
      (text: state.validation, rank: 4),
      (text: "norm \(NumberText.significant(state.norm / Double(state.count)))", rank: 1),
      (text: "clip \(NumberText.percent(Double(state.clipped) / Double(state.total)))", rank: 2),
      (text: "\(NumberText.speed(rate))/s", rank: 3),
      (text: "\(NumberText.duration(left)) left", rank: 0),
    ]
    if isLive {
      // The step keeps its width, so that the numbers after it stay in place.
      let padding = String(repeating: " ", count: max(0, stepsWidth - steps.count))
      let parts = [name, (padding + steps, 0)]
      let line = fitted(before: parts, share: share, after: numbers, &state.layout)
      terminal.drawLive([line])
    } else {
      let parts = [name, (steps, 0), (NumberText.percent(share), 0)] + numbers
      terminal.note(joined(parts))
    }
  }

  private var stepsWidth: Int { 2 * NumberText.count(lastStep).count + 1 }

  private typealias Part = (text: String, rank: Int)

  private func joined(_ parts: [Part]) -> String {
    parts.map(\.text).filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// The parts that fit beside a bar of 6 to 20 columns; without the bar where even the parts that
  /// always stay leave no room for it.
  private func fitted(
    before: [Part], share: Double, after: [Part], _ layout: inout Layout
  ) -> String {
    let columns = terminal.lastLiveColumns
    if layout.columns != columns { layout = Layout(columns: columns) }
    for rank in stride(from: layout.rank, through: 0, by: -1) {
      let left = joined(before.filter { $0.rank <= rank })
      let right = joined(after.filter { $0.rank <= rank })
      let room = columns - left.count - right.count - 4
      if room >= 6 {
        if rank < layout.rank { layout = Layout(columns: columns, rank: rank) }
        layout.barWidth = min(layout.barWidth, room)
        let bar = ProgressBar.text(
          done: share, width: layout.barWidth, unicode: terminal.hasUnicode)
        return "\(left)  \(bar)  \(right)"
      }
    }
    return joined((before + after).filter { $0.rank == 0 })
  }
}
