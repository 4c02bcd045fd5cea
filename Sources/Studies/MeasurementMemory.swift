import UnrollRecurrentCells
import UnrollTraining

/// How much memory measurements take, so that sizes the machine cannot hold are refused before
/// anything is allocated.
package enum MeasurementMemory {
  /// Refuses sizes at which one forward and backward pass in Float64 over a whole batch, with a norm
  /// kept for each row, layer and step, does not fit.
  ///
  /// - Throws: `TrainingError.tooLarge`.
  package static func requireForCurves(
    _ model: RecurrentModel, on shape: BatchShape
  ) throws(TrainingError) {
    let places = Double(shape.timeSteps) * Double(shape.rows)
    let norms = Double(model.configuration.layers) * (model.cell.hasCellState ? 2 : 1)
    // Inputs and targets once more while they are made; weights, their layout both ways, gradient,
    // and the weights' source.
    // Without targets, the gradient by the top layer's outputs.
    let outputs = shape.target.width > 0 ? shape.target.width : model.configuration.hidden
    let data = 2 * Double(shape.input.width) + 2 * Double(outputs)
    let numbers =
      places * (MemoryEstimate.windowWidth(model) + norms + data) + 5 * Double(model.layout.count)
    try MemoryEstimate.require(bytes: numbers * 8)
  }

  /// Refuses sizes at which Jacobians along one row's stream of `steps`, for as many rows at once as
  /// there are threads, do not fit.
  ///
  /// - Parameters:
  ///   - covectors: followed at once; those of a whole Jacobian where that is more.
  ///   - kept: numbers that are kept for each row.
  /// - Throws: `TrainingError.tooLarge`.
  package static func requireForJacobians(
    _ model: RecurrentModel, on shape: BatchShape, steps: Int, covectors: Int, kept: Int,
    threads: Int
  ) throws(TrainingError) {
    let (size, count) = (Double(model.stateSize), Double(covectors))
    let (hidden, blocks) = (Double(model.configuration.hidden), Double(model.cell.blocks))
    // States of the stream and its inputs; weights laid out both ways; gates and states of each
    // covector with their gradients; the covectors, a second time, their start; square matrices.
    let stream = Double(steps) * (MemoryEstimate.windowWidth(model) + Double(shape.input.width))
    let pulled = count * hidden * (2 * blocks + 8)
    let perThread =
      stream + 3 * Double(model.layout.count) + pulled + 3 * count * size + 5 * count * count
    let rows = Double(shape.rows)
    try MemoryEstimate.require(
      bytes: 8 * (perThread * min(Double(threads), rows) + rows * Double(kept)))
  }
}
