import UnrollDenseMath
import UnrollRecurrentCells

/// What measuring the decay curves of a batch takes: forward and backward passes in Float64 over whole
/// sequences, and a norm for each row, layer, path and step.
package struct MeasurementSize: Sendable {
  /// The states of each thread's rows.
  package let windows: [WindowMemory]
  /// Bytes of everything else.
  package let other: Double

  /// - Parameters:
  ///   - shape: the batch's.
  ///   - threads: that share its rows.
  package init(_ model: RecurrentModel, _ shape: BatchShape, threads: Int = 1) {
    windows = (0..<shape.rows).cut(into: threads).map {
      WindowMemory(
        model, capacity: shape.timeSteps, rows: $0.count, supervised: shape.supervised.count,
        as: Double.self)
    }
    let places = Double(shape.timeSteps) * Double(shape.rows)
    // Norms by h, and by c and (h, c) where there is c: in a table, and in the curves made from it.
    let norms = 2 * Double(model.configuration.layers) * (model.cell.hasCellState ? 3 : 1)
    let input =
      switch shape.input {
      case .values(let count): Double(count)
      case .classes: 0.5
      }
    // Without targets, the gradient by the top layer's outputs.
    let target = shape.target.width > 0 ? shape.target.width : model.configuration.hidden
    let outputs =
      shape.target.width > 0 ? Double(shape.supervised.count * shape.rows) : places
    // The batch, the same with the weights of what is measured, and the threads' rows; weights, their
    // layout both ways, gradient, and the weights' source.
    let data = 3 * (places * input + outputs * Double(target + 1))
    other = 8 * (places * norms + data + 5 * Double(model.layout.count))
  }

  /// How each thread keeps its states. A size that is too small gets the least.
  package func choice(_ recompute: Recompute) -> RecomputeChoice {
    recompute.choice(for: windows, besides: other)
  }
}
