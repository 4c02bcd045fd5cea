import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// One row of a batch run forward on its own, for its states: along its inputs up to its last
/// supervised step, or as many steps as asked for, the inputs repeated end to end and the state
/// carried on.
struct InputStream {
  let steps: Int
  /// The weights it ran under.
  let weights: PackedParameters<Double>
  private let workspace: SequenceWorkspace<Double>
  private let inputs: Batch<Double>

  /// - Parameters:
  ///   - steps: nil for the row's own.
  ///   - recompute: whether the states of all steps are kept in memory.
  init(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>, row: Int,
    steps: Int? = nil, recompute: RecomputePlan? = nil
  ) {
    let shape = batch.shape
    let lastStep = MeasuredBatch.lastStep(ofRow: row, in: batch) ?? shape.timeSteps - 1
    let length = lastStep + 1
    self.steps = steps ?? length
    let inputs = Batch<Double>(
      BatchShape(
        timeSteps: self.steps, rows: 1, input: shape.input, target: shape.target, supervised: 0..<0)
    )
    for step in 0..<self.steps {
      let place = step % length * shape.rows + row
      switch shape.input {
      case .values:
        inputs.inputs.rows(step..<step + 1).assign(batch.inputs.rows(place..<place + 1))
      case .classes: inputs.inputClasses[step] = batch.inputClasses[place]
      }
    }
    inputs.initialState = batch.initialState?.map { $0.rows(row..<row + 1).copy() }
    self.inputs = inputs
    workspace = SequenceWorkspace(
      model: model, capacity: self.steps, rows: 1, supervisedCapacity: 0, recompute: recompute)
    weights = PackedParameters(model, parameters)
    workspace.resetState(weights, to: inputs)
    workspace.forward(weights, inputs, steps: 0..<self.steps)
  }

  /// What leads to the state at lag k from the one at lag k + 1: ∂s_{T−k}/∂s_{T−k−1} depends on it.
  /// Ask for lags in ascending order: states that are not in memory are computed again.
  func transition(layer: Int, lag: Int) -> StateTransition {
    let step = steps - 1 - lag
    workspace.hold(step: step, weights, inputs)
    return workspace.transition(layer: layer, step: step)
  }
}
