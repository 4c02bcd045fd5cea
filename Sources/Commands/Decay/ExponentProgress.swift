import Synchronization
import UnrollCommandLine
import UnrollText

/// Shows on the terminal how far the exponents are.
final class ExponentProgress: Sendable {
  private let label: String
  private let total: Int
  private let terminal: Terminal
  /// Steps done, and of them shown.
  private let done = Mutex((steps: 0, shown: 0))

  init(_ label: String, of total: Int, on terminal: Terminal) {
    (self.label, self.total, self.terminal) = (label, total, terminal)
    show(0)
  }

  @Sendable func didStep() {
    let steps = done.withLock { done -> Int? in
      done.steps += 1
      // Some thousand lines at most: a step of a small model takes microseconds.
      guard (done.steps - done.shown) * 1000 >= total else { return nil }
      done.shown = done.steps
      return done.steps
    }
    if let steps { show(steps) }
  }

  private func show(_ steps: Int) {
    terminal.drawLive([
      "\(label.escaped)  exponents  \(NumberText.count(steps))/\(NumberText.count(total)) steps"
    ])
  }
}
