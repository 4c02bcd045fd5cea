import Synchronization
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// How exponents and Jacobians are measured.
package struct ExponentPlan {
  /// Of each row's stream.
  package let steps: Int
  /// Not counted, at either end.
  package let warmUp: Int
  /// nil for all.
  package let count: Int?
  package let threads: Int

  package init(steps: Int, warmUp: Int, count: Int?, threads: Int) {
    self.steps = steps
    self.warmUp = warmUp
    self.count = count
    self.threads = threads
  }

  /// Refuses a model whose Jacobians would not fit the machine's memory.
  ///
  /// - Throws: ``ExponentMemoryError``.
  package func requireMemory(
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
      requirementFailed("expected tooLarge, got \(error)")
    }
  }

  /// The steps that are measured over all layers and rows of a batch.
  package func steps(of model: RecurrentModel, rows: Int) -> Int {
    model.configuration.layers * rows * (steps - warmUp)
  }

  /// Measures every layer.
  ///
  /// - Parameters:
  ///   - didStep: told of every step; called from several threads.
  ///   - willTakeSingularValues: told when a layer's exponents are done.
  package func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    curves: [DecayCurve], didStep: @escaping @Sendable () -> Void = {},
    willTakeSingularValues: () -> Void = {}
  ) -> [MeasuredExponents] {
    (0..<model.configuration.layers).map { layer in
      let spectrum = LyapunovSpectrum.measure(
        model, parameters, batch: batch, layer: layer, steps: steps, warmUp: warmUp, count: count,
        threads: threads, didStep: didStep)
      if count == nil { willTakeSingularValues() }
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

/// Jacobians of sizes that do not fit the machine's memory.
package struct ExponentMemoryError: Error, Equatable {
  package let bytes: Double
  package let available: Double
}
