import Synchronization
import UnrollCommandLine
import UnrollDenseMath
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// What `--exponents` asks for.
struct ExponentPlan {
  /// Of each row's stream.
  let steps: Int
  /// Not counted, at either end.
  let warmUp: Int
  /// nil for all.
  let count: Int?
  let threads: Int

  /// - Throws: `UsageError` for settings that do not fit each other, `ExponentMemoryError`.
  init?(_ arguments: Arguments, on data: DecayData, subjects: [DecaySubject]) throws {
    guard arguments[.exponents] else {
      let others = ["exponent-steps", "exponent-warmup", "exponent-count"]
      if let other = others.first(where: arguments.wasTyped) {
        throw arguments.rejection(of: other, accepted: "left out without --exponents")
      }
      return nil
    }
    steps = arguments[optional: .exponentSteps] ?? data.shape.timeSteps
    warmUp = arguments[optional: .exponentWarmup] ?? steps / 5
    count = arguments[optional: .exponentCount]
    threads = arguments[.threads]
    guard 2 * warmUp < steps else {
      throw arguments.rejection(
        of: .exponentWarmup,
        accepted: "less than half of the \(NumberText.count(steps)) steps, for either end")
    }
    for subject in subjects { try requireMemory(for: subject.model, on: data.shape) }
  }

  private func requireMemory(
    for model: RecurrentModel, on shape: BatchShape
  ) throws(ExponentMemoryError) {
    let size = model.stateSize
    let covectors = min(count ?? size, size)
    do {
      try MemoryEstimate.requireForJacobians(
        model, on: shape, steps: max(steps, shape.timeSteps), covectors: covectors,
        kept: covectors * min(steps, LyapunovSpectrum.mostMarks), threads: threads)
    } catch .tooLarge(let bytes, let available) {
      throw ExponentMemoryError(bytes: bytes, available: available)
    } catch {
      preconditionFailure("expected tooLarge, got \(error)")
    }
  }

  /// Measures every layer; shows on `terminal` how far it is.
  func measure(
    _ subject: DecaySubject, _ parameters: Parameters<Double>, batch: Batch<Double>,
    curves: [DecayCurve], terminal: Terminal
  ) -> [MeasuredExponents] {
    let model = subject.model
    let layers = model.configuration.layers
    if count == nil, model.stateSize >= 1000 {
      terminal.note(
        "\(subject.label.escaped): \(NumberText.count(model.stateSize)) exponents and singular values "
          + "take long; --exponent-count N takes the N largest exponents alone")
    }
    let progress = ExponentProgress(
      subject.label, of: layers * batch.shape.rows * (steps - warmUp), on: terminal)
    defer { terminal.clearLive() }
    return (0..<layers).map { layer in
      let spectrum = LyapunovSpectrum.measure(
        model, parameters, batch: batch, layer: layer, steps: steps, warmUp: warmUp, count: count,
        threads: threads, didStep: progress.didStep)
      if count == nil { terminal.drawLive(["\(subject.label.escaped)  singular values"]) }
      let curve = curves.first { $0.layer == layer && $0.path == .state }
      let lags = JacobianSpectrum.lags(upTo: (curve?.count ?? 0) - 1)
      return MeasuredExponents(
        spectrum: spectrum,
        jacobians: count == nil
          ? JacobianSpectrum.measure(model, parameters, batch: batch, layer: layer, lags: lags)
          : nil,
        bound: RecurrentWeightBound(model, parameters, layer: layer), curve: curve)
    }
  }
}

/// `--exponents` at sizes that do not fit the machine's memory.
struct ExponentMemoryError: Error, Equatable {
  let bytes: Double
  let available: Double
}

/// Shows on the terminal how far the exponents are.
private final class ExponentProgress: Sendable {
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
