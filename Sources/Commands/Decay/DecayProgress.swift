import Synchronization
import UnrollCommandLine
import UnrollStudies
import UnrollText
import UnrollTraining

/// Shows on the terminal how far a study is: a line for each training, a live line for measurements
/// that take long, and what there is to say about a model.
final class DecayProgress: DecayStudyObserver {
  private struct State {
    var label = ""
    /// The part that is measured, in `total` steps.
    var part = ""
    var total = 0
    /// Steps done, and those of them that are shown.
    var done = 0
    var shown = 0

    var text: String {
      "\(label)  \(part)  \(NumberText.count(done))/\(NumberText.count(total)) steps"
    }
  }

  private let study: DecayStudy
  private let terminal: Terminal
  private let state = Mutex(State())

  init(_ study: DecayStudy, on terminal: Terminal) {
    (self.study, self.terminal) = (study, terminal)
  }

  // MARK: Training

  func willTrain(_ subject: DecaySubject) -> (any TrainingObserver)? {
    guard case .trained(let plan) = subject.weights else { return nil }
    return ProgressObserver(
      ProgressLine(subject.label, lastStep: plan.settings.updates, on: terminal))
  }

  func didTrain(_ subject: DecaySubject, _ training: DecayTraining) {
    if let failure = training.failure {
      terminal.warn(
        "\(subject.label): \(ErrorMessage.text(for: failure)); "
          + "measured with its last finite weights, after " + training.extent)
    }
    terminal.clearLive()
  }

  // MARK: Measuring

  func willMeasure(_ subject: DecaySubject) {
    if case .saved(let file) = subject.weights {
      let readsOutputs = study.data.givenGradients.isEmpty
      for notice in file.notices(readsOutputs: readsOutputs) { terminal.warn(notice) }
    }
    let size = subject.model.stateSize
    if let exponents = study.exponents, exponents.count == nil, size >= 1000 {
      terminal.note(
        "\(subject.label.escaped): \(NumberText.count(size)) exponents and "
          + "singular values take long; --exponent-count N takes the N largest exponents alone")
    }
    state.withLock { $0.label = subject.label.escaped }
  }

  func willMeasure(_ part: String, steps: Int?) {
    let text = state.withLock { state -> String in
      guard let steps else { return "\(state.label)  \(part)" }
      (state.part, state.total, state.done, state.shown) = (part, steps, 0, 0)
      return state.text
    }
    terminal.drawLive([text])
  }

  func didStep() {
    let text = state.withLock { state -> String? in
      state.done += 1
      // Some thousand lines at most: a step of a small model takes microseconds.
      guard (state.done - state.shown) * 1000 >= state.total else { return nil }
      state.shown = state.done
      return state.text
    }
    if let text { terminal.drawLive([text]) }
  }

  func didMeasure(_ subject: DecaySubject) { terminal.clearLive() }
}
