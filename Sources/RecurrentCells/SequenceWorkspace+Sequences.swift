import UnrollOptimization

extension SequenceWorkspace {
  /// Forward, the unscaled loss, and backward over a batch's whole sequences from their first step.
  ///
  /// - Parameter gradients: the parameters' gradients are added to it; nil where only `observer` needs
  ///   the pass.
  /// - Returns: the loss; zero for a batch with ``Batch/stateGradients``.
  @discardableResult
  package func passOverSequences(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>,
    into gradients: Parameters<Element>?, observer: (any BackwardObserver<Element>)?
  ) -> LossSum {
    let steps = 0..<batch.shape.timeSteps
    resetState(weights, to: batch)
    let loss = forward(weights, batch, steps: steps, lossOver: steps, scale: 1)
    backward(weights, batch, into: gradients, observer: observer)
    return loss
  }
}
