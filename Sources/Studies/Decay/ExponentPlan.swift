import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// How Lyapunov exponents and Jacobians are measured.
///
/// A Jacobian is the matrix of derivatives ∂s_t/∂s_{t−1} of a layer's state s by the state one step
/// before. Lyapunov exponents are the mean logarithms of the factors by which the product of these
/// matrices stretches a state in its main directions, step by step.
public struct ExponentPlan: Sendable {
  /// The number of steps of each row's sequence that are run through.
  public let steps: Int
  /// The number of steps at either end that do not count, less than half of ``steps``.
  public let warmUp: Int
  /// How many of the largest exponents are measured; nil for all of them, and the Jacobians' singular
  /// values with them.
  public let count: Int?
  /// The number of threads. No number depends on it.
  public let threads: Int
  /// Whether the states of all steps are kept in memory. No number depends on it.
  public let recompute: Recompute

  /// - Parameters:
  ///   - steps: of each row's sequence; a sequence shorter than that is repeated.
  ///   - warmUp: steps at either end that do not count, less than half of `steps`; nil is a fifth.
  ///   - count: how many of the largest exponents are measured, 1 or more; nil for all.
  ///   - threads: 1 or more. No number depends on it.
  ///   - recompute: whether the states of all steps are kept in memory. No number depends on it.
  public init(
    steps: Int, warmUp: Int? = nil, count: Int? = nil, threads: Int = 1,
    recompute: Recompute = .auto
  ) {
    let warmUp = warmUp ?? steps / 5
    require(
      warmUp >= 0 && 2 * warmUp < steps,
      "expected a warm-up of less than half of the \(steps) steps, got \(warmUp)")
    require(
      (count ?? 1) >= 1 && threads >= 1,
      "expected at least 1 exponent and thread, got \(count ?? 1), \(threads)")
    self.steps = steps
    self.warmUp = warmUp
    self.count = count
    self.threads = threads
    self.recompute = recompute
  }

  /// Refuses a model whose Jacobians would not fit the machine's memory.
  ///
  /// - Parameters:
  ///   - model: the model to be measured.
  ///   - shape: that of the batch.
  ///
  /// - Throws: ``ExponentMemoryError``.
  public func requireMemory(
    for model: RecurrentModel, on shape: BatchShape
  ) throws(ExponentMemoryError) {
    _ = try statePlan(for: model, on: shape)
  }

  /// How the streams keep their states.
  private func statePlan(
    for model: RecurrentModel, on shape: BatchShape
  ) throws(ExponentMemoryError) -> RecomputePlan? {
    let size = model.stateSize
    let covectors = min(count ?? size, size)
    do {
      return try MeasurementMemory.requireForJacobians(
        model, on: shape, steps: max(steps, shape.timeSteps), covectors: covectors,
        kept: covectors * min(steps, LyapunovSpectrum.mostMarks), threads: threads,
        recompute: recompute)
    } catch .tooLarge(let bytes, let available) {
      throw ExponentMemoryError(bytes: bytes, available: available)
    } catch {
      requirementFailed("expected tooLarge, got \(error)")
    }
  }

  /// The number of steps that are measured over all layers and rows of a batch.
  private func steps(of model: RecurrentModel, rows: Int) -> Int {
    model.configuration.layers * rows * (steps - warmUp)
  }

  /// Measures every layer of the model that `probe` holds.
  public func measure(_ probe: DecayProbe) -> [MeasuredExponents] {
    let (model, parameters, batch) = (probe.model, probe.parameters, probe.batch)
    let observer = probe.observer
    // Sizes that do not fit were refused before; tried all the same, they keep all states.
    let plan = try? statePlan(for: model, on: batch.shape)
    observer.willMeasure("exponents", steps: steps(of: model, rows: batch.shape.rows))
    return (0..<model.configuration.layers).map { layer in
      let spectrum = LyapunovSpectrum.measure(
        model, parameters, batch: batch, layer: layer, steps: steps, warmUp: warmUp, count: count,
        threads: threads, recompute: plan, didStep: { observer.didStep() })
      let curve = probe.measurement.curves.first {
        $0.layer == layer && $0.path == .state && $0.entry != .severalSteps
      }
      let bound = RecurrentWeightBound(model, parameters, layer: layer)
      guard count == nil else {
        return MeasuredExponents(spectrum: spectrum, jacobians: nil, bound: bound, curve: curve)
      }
      observer.willMeasure("singular values", steps: nil)
      let lags = JacobianSpectrum.lags(upTo: (curve?.count ?? batch.shape.timeSteps) - 1)
      return MeasuredExponents(
        spectrum: spectrum,
        jacobians: .measure(
          model, parameters, batch: batch, layer: layer, lags: lags, recompute: plan),
        bound: bound, curve: curve)
    }
  }
}

/// Jacobians whose sizes do not fit the machine's memory.
public struct ExponentMemoryError: Error, Equatable {
  /// The bytes needed.
  public let bytes: Double
  /// The bytes that the machine has.
  public let available: Double
}
