import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

extension DecayCurve {
  /// Measures every layer's curves for one batch: `h`, `c` where the cell has one, and `state`.
  ///
  /// One forward and one backward pass in Float64 over whole sequences; subnormal numbers are kept.
  /// Lag 0 is each row's own last supervised step. Where gradient enters at more than one step, the
  /// curves of what enters last follow each layer's.
  ///
  /// - Parameter recompute: whether all states are kept in memory; no number depends on it.
  public static func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    lossAt placement: LossPlacement = .last, recompute: Recompute = .auto
  ) -> [DecayCurve] {
    DecayMeter(model, batch: batch, lossAt: placement, recompute: recompute)
      .curves(under: parameters)
  }
}
