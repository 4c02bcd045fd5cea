import UnrollGradientFlow
import UnrollRecurrentCells
import UnrollTraining

/// How much memory measurements take, so that sizes the machine cannot hold are refused before
/// anything is allocated.
package enum MeasurementMemory {
  /// Refuses sizes at which one forward and backward pass in Float64 over a whole batch, with a norm
  /// kept for each row, layer and step, does not fit.
  ///
  /// - Returns: how states are kept, and what that costs; nil where all are.
  /// - Throws: `TrainingError.tooLarge`, `TrainingError.recomputeSize`.
  @discardableResult
  package static func requireForCurves(
    _ model: RecurrentModel, on shape: BatchShape, threads: Int = 1, recompute: Recompute
  ) throws(TrainingError) -> String? {
    let size = MeasurementSize(model, shape, threads: threads)
    if let shortage = recompute.shortage(of: size.windows, besides: size.other) {
      throw .recomputeSize(given: shortage.given, least: shortage.least)
    }
    let choice = size.choice(recompute)
    try MemoryEstimate.require(bytes: choice.bytes + size.other)
    return choice.note
  }

  /// Refuses sizes at which Jacobians along one row's stream of `steps`, for as many rows at once as
  /// there are threads, do not fit.
  ///
  /// - Parameters:
  ///   - covectors: followed at once; those of a whole Jacobian where that is more.
  ///   - kept: numbers that are kept for each row.
  /// - Returns: how each stream keeps its states; a size that is too small is taken for the least.
  /// - Throws: `TrainingError.tooLarge`.
  @discardableResult
  package static func requireForJacobians(
    _ model: RecurrentModel, on shape: BatchShape, steps: Int, covectors: Int, kept: Int,
    threads: Int, recompute: Recompute
  ) throws(TrainingError) -> RecomputePlan? {
    let (size, count) = (Double(model.stateSize), Double(covectors))
    let (hidden, blocks) = (Double(model.configuration.hidden), Double(model.cell.blocks))
    // The stream's inputs; weights laid out both ways; gates and states of each covector with their
    // gradients; the covectors, a second time, their start; square matrices.
    let inputs = Double(steps) * Double(shape.input.width)
    let pulled = count * hidden * (2 * blocks + 8)
    let perThread =
      inputs + 3 * Double(model.layout.count) + pulled + 3 * count * size + 5 * count * count
    let rows = min(threads, shape.rows)
    let other = 8 * (perThread * Double(rows) + Double(shape.rows) * Double(kept))
    let stream = WindowMemory(model, capacity: steps, rows: 1, supervised: 0, as: Double.self)
    let choice = recompute.choice(
      for: Array(repeating: stream, count: rows), besides: other)
    try MemoryEstimate.require(bytes: choice.bytes + other)
    return choice.plans[0]
  }
}
