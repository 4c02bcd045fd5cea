import DenseMath
import Optimisation
import RecurrentCells

extension DecayCurve {
  /// Measures every layer's curves for one batch: `h`, and `c` where the cell has one.
  ///
  /// One forward and one backward pass in Float64 over whole sequences; subnormal numbers are kept.
  /// Lag 0 is each row's own last supervised step.
  public static func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    lossAt placement: LossPlacement = .last
  ) -> [DecayCurve] {
    let shape = batch.shape
    let weights = placement.weights(of: batch)
    let original = batch.weights.copy()
    batch.weights.assign(weights.matrix)
    defer { batch.weights.assign(original) }

    let window = Window<Double>(
      model: model, capacity: shape.steps, rows: shape.rows,
      supervisedCapacity: shape.supervised.count)
    let recorder = NormRecorder(
      layers: model.configuration.layers, rows: shape.rows, lastSteps: weights.lastSteps,
      hasCellState: model.cell.hasCellState)
    let steps = 0..<shape.steps
    let laidOut = LaidOutParameters(model, parameters)
    window.resetState(laidOut)
    window.forward(laidOut, batch, steps: steps)
    _ = window.loss(laidOut, batch, over: steps, scale: 1)
    window.backward(laidOut, batch, into: Parameters(model.layout), observer: recorder)
    return recorder.curves
  }
}

extension LossPlacement {
  /// Weights that make each row's loss its own mean over its targets, and each row's last
  /// supervised step, nil for a row without one.
  func weights(of batch: Batch<Double>) -> (matrix: Matrix<Double>, lastSteps: [Int?]) {
    let (rows, supervised) = (batch.shape.rows, batch.shape.supervised)
    let result = Matrix<Double>(rows: 1, columns: batch.weights.count)
    var lastSteps: [Int?] = []
    for row in 0..<rows {
      let places = (0..<supervised.count).filter { batch.weights[0, $0 * rows + row] != 0 }
      lastSteps.append(places.last.map { supervised.lowerBound + $0 })
      let read = self == .last ? places.suffix(1) : places[...]
      for place in read { result[0, place * rows + row] = 1 / Double(read.count) }
    }
    return (result, lastSteps)
  }
}

/// Writes down each row's gradient norms as backward goes by.
private final class NormRecorder: BackwardObserver {
  /// Rows with a target and their last one's step, those that reach back furthest first: so the
  /// rows that reach a lag are the first of the list, and place i is one row's at every lag.
  private let lastSteps: [(row: Int, step: Int)]
  private var hidden: [[[Double]]]
  private var cell: [[[Double]]]
  private let hasCellState: Bool
  private var norms: [Double]

  init(layers: Int, rows: Int, lastSteps: [Int?], hasCellState: Bool) {
    self.lastSteps = lastSteps.enumerated().compactMap { row, step in step.map { (row, $0) } }
      .sorted { ($1.step, $0.row) < ($0.step, $1.row) }
    self.hasCellState = hasCellState
    let lags = (lastSteps.compactMap { $0 }.max() ?? -1) + 1
    hidden = Array(repeating: Array(repeating: [], count: lags), count: layers)
    cell = hidden
    norms = Array(repeating: 0, count: rows)
  }

  func observe(_ step: BackwardStep<Double>) {
    step.hiddenGradient.rowNorms(into: &norms)
    record(step, in: &hidden)
    guard let gradient = step.cellGradient else { return }
    gradient.rowNorms(into: &norms)
    record(step, in: &cell)
  }

  private func record(_ step: BackwardStep<Double>, in curves: inout [[[Double]]]) {
    for (row, last) in lastSteps where last >= step.step {
      curves[step.layer][last - step.step].append(norms[row])
    }
  }

  var curves: [DecayCurve] {
    hidden.indices.flatMap { layer in
      [DecayCurve(layer: layer, path: .hidden, norms: hidden[layer])]
        + (hasCellState ? [DecayCurve(layer: layer, path: .cell, norms: cell[layer])] : [])
    }
  }
}
