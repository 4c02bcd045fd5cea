import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// What one backward pass over a batch shows of the gradient through time.
public struct GradientMeasurement: Sendable {
  /// Every layer's curves: `h`, `c` where the cell has one, and `state`.
  public let curves: [DecayCurve]
  /// What each step adds to the gradient of each layer's weights.
  public let contributions: [ContributionCurve]
  /// How much of the decay the gates account for, layer by layer; empty for a cell without such gates.
  public let gates: [GateCurve]
  /// The sizes of the elements of every layer's ∂ℓ/∂h, and ∂ℓ/∂c where there is one.
  public let ranges: [RangeCurve]
}

extension GradientMeasurement {
  /// Measures a model on one batch.
  ///
  /// One forward and one backward pass in Float64 over whole sequences; subnormal numbers are kept.
  public static func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    lossAt placement: LossPlacement = .last
  ) -> GradientMeasurement {
    let placed = placement.weights(of: batch)
    let rows = MeasuredRows(lastSteps: placed.lastSteps)
    let batch = batch.copy(ofRows: 0..<batch.shape.rows, lossMask: placed.matrix)
    let workspace = SequenceWorkspace<Double>(
      model: model, capacity: batch.shape.timeSteps, rows: batch.shape.rows,
      supervisedCapacity: batch.shape.supervised.count)
    let norms = NormRecorder(NormTable(model, rows), rows: 0..<batch.shape.rows)
    let contributions = ContributionRecorder(model, batch, workspace, rows)
    let gates = GateRecorder(model, rows)
    let ranges = RangeRecorder(model, rows)
    let observers: [(any BackwardObserver<Double>)?] = [norms, contributions, gates, ranges]
    workspace.passOverSequences(
      PackedParameters(model, parameters), batch, into: nil,
      observer: ObserverGroup(observers.compactMap { $0 }))
    let curves = norms.table.curves
    return GradientMeasurement(
      curves: curves, contributions: contributions.curves,
      gates: gates?.curves(beside: curves) ?? [], ranges: ranges.curves)
  }
}

extension LossPlacement {
  /// Weights that make each row's loss its own mean over its targets, and each row's last
  /// supervised step, nil for a row without one.
  func weights(of batch: Batch<Double>) -> (matrix: Matrix<Double>, lastSteps: [Int?]) {
    let (rows, supervised) = (batch.shape.rows, batch.shape.supervised)
    let result = Matrix<Double>(rows: 1, columns: batch.lossMask.count)
    var lastSteps: [Int?] = []
    for row in 0..<rows {
      let places = (0..<supervised.count).filter { batch.lossMask[0, $0 * rows + row] != 0 }
      lastSteps.append(places.last.map { supervised.lowerBound + $0 })
      let read = self == .last ? places.suffix(1) : places[...]
      for place in read { result[0, place * rows + row] = 1 / Double(read.count) }
    }
    return (result, lastSteps)
  }
}
