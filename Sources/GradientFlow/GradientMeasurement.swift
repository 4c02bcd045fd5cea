import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// What one backward pass over a batch shows of the gradient through time.
public struct GradientMeasurement: Sendable {
  /// The loss that is differentiated, the mean over the rows with a target; nil for a batch with a
  /// gradient of its own (`Batch.stateGradients`), whose loss is not known.
  public let loss: Double?
  /// Every layer's curves: `h`, `c` where the cell has one, and `state`; then, where gradient enters at
  /// more than one step, the same of what enters at the rows' last steps, if anything does.
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
  /// One forward and one backward pass in Float64 over whole sequences, a second one where gradient
  /// enters at more than one step; subnormal numbers are kept.
  ///
  /// - Parameter recompute: whether all states are kept in memory; no number depends on it.
  public static func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    lossAt placement: LossPlacement = .last, recompute: Recompute = .auto
  ) -> GradientMeasurement {
    let measured = MeasuredBatch(batch, placement)
    let shape = batch.shape
    let workspace = SequenceWorkspace<Double>(
      model: model, capacity: shape.timeSteps, rows: shape.rows,
      supervisedCapacity: shape.supervised.count,
      recompute: MeasurementSize(model, shape).choice(recompute).plans[0])
    let weights = PackedParameters(model, parameters)
    func recorder(_ batch: Batch<Double>) -> NormRecorder {
      NormRecorder(
        NormTable(model, measured.rows), rows: 0..<shape.rows, given: batch.stateGradients)
    }
    let norms = recorder(measured.batch)
    let contributions = ContributionRecorder(model, measured, workspace)
    let gates = GateRecorder(model, measured.rows)
    let ranges = RangeRecorder(model, measured.rows)
    let observers: [(any BackwardObserver<Double>)?] = [norms, contributions, gates, ranges]
    let loss = workspace.passOverSequences(
      weights, measured.batch, into: nil, observer: ObserverGroup(observers.compactMap { $0 }))
    let last = measured.lastEntry().map { batch in
      let norms = recorder(batch)
      workspace.passOverSequences(weights, batch, into: nil, observer: norms)
      return norms.table
    }
    let curves = NormTable.curves(norms.table, measured.entry, enteringLast: last)
    return GradientMeasurement(
      loss: batch.stateGradients == nil ? loss.weightedLoss * measured.shareOfRow : nil,
      curves: curves, contributions: contributions.curves,
      gates: gates?.curves(beside: curves) ?? [], ranges: ranges.curves)
  }
}
