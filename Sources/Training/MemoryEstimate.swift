import Foundation
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// How much memory a run's buffers take, so that sizes the machine cannot hold are refused before
/// anything is allocated.
public enum MemoryEstimate {
  /// Refuses sizes at which one forward and backward pass in Float64 over a whole batch, with a norm
  /// kept for each row, layer and step, does not fit.
  ///
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  public static func requireForMeasuring(
    _ model: RecurrentModel, on shape: BatchShape
  ) throws(TrainingError) {
    let places = Double(shape.timeSteps) * Double(shape.rows)
    let norms = Double(model.configuration.layers) * (model.cell.hasCellState ? 2 : 1)
    // Inputs and targets once more while they are made; weights, their layout both ways, gradient,
    // and the weights' source.
    let data = 2 * Double(shape.input.width) + 2 * Double(shape.target.width)
    let numbers =
      places * (windowWidth(model) + norms + data) + 5 * Double(model.layout.count)
    try require(bytes: numbers * 8)
  }

  /// Refuses sizes at which Jacobians along one row's stream of `steps`, for as many rows at once as
  /// there are threads, do not fit.
  ///
  /// - Parameters:
  ///   - covectors: followed at once; those of a whole Jacobian where that is more.
  ///   - kept: numbers that are kept for each row.
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  public static func requireForJacobians(
    _ model: RecurrentModel, on shape: BatchShape, steps: Int, covectors: Int, kept: Int,
    threads: Int
  ) throws(TrainingError) {
    let (size, count) = (Double(model.stateSize), Double(covectors))
    let (hidden, blocks) = (Double(model.configuration.hidden), Double(model.cell.blocks))
    // States of the stream and its inputs; weights laid out both ways; gates and states of each
    // covector with their gradients; the covectors, a second time, their start; square matrices.
    let stream = Double(steps) * (windowWidth(model) + Double(shape.input.width))
    let pulled = count * hidden * (2 * blocks + 8)
    let perThread =
      stream + 3 * Double(model.layout.count) + pulled + 3 * count * size + 5 * count * count
    let rows = Double(shape.rows)
    try require(bytes: 8 * (perThread * min(Double(threads), rows) + rows * Double(kept)))
  }

  /// Refuses a run, or `runs` like it side by side, that would not fit the machine's memory.
  ///
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  public static func check<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings, runs: Int = 1,
    as type: Element.Type
  ) throws(TrainingError) {
    try require(bytes: Double(runs) * bytes(model: model, task: task, settings: settings, as: type))
  }

  static func require(bytes: Double) throws(TrainingError) {
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    if bytes > available { throw .tooLarge(bytes: bytes, available: available) }
  }

  private static func bytes<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings,
    as type: Element.Type
  ) -> Double {
    let length = task.timeSteps(in: .train, rows: settings.batch)
    let steps = Double(settings.truncation.capacity(for: length)) * Double(settings.batch)
    let window = steps * (windowWidth(model) + Double(model.configuration.target.width))
    let data =
      (task.isStream ? steps : Double(length) * Double(settings.batch))
      * Double(model.configuration.input.width)
    // Weights, their layout both ways, best weights, up to two slots of the optimizer, and a gradient
    // for each thread; once more where clipping is measured.
    let gradients = min(settings.threads, settings.batch) * (settings.measuresClipping ? 2 : 1)
    let weights = Double(model.layout.count) * Double(6 + gradients)
    return (window + data + weights) * Double(MemoryLayout<Element>.size)
  }

  /// Numbers that a window keeps for each row and step, outputs left out: gates and states. What
  /// backward needs for one tile of steps is small beside them.
  static func windowWidth(_ model: RecurrentModel) -> Double {
    let (hidden, blocks) = (Double(model.configuration.hidden), Double(model.cell.blocks))
    let states = model.cell.hasCellState ? 2.0 : 1.0
    return Double(model.configuration.layers) * hidden * (blocks + states)
  }
}
