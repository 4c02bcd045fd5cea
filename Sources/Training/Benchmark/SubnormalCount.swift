import UnrollDenseMath
import UnrollRecurrentCells

extension StepBenchmark {
  /// The share of subnormal numbers among the gradients by the pre-activations of all time steps,
  /// where they are not flushed to zero. Makes a step.
  public func subnormalShare() throws(TrainingError) -> Double {
    let flushes = flushesSubnormals
    flushesSubnormals = false
    defer { flushesSubnormals = flushes }
    try step()
    let count = SubnormalCount<Element>()
    for shard in trainer.shared.shards {
      // Repeats the step's backward pass, now observed: the packed weights are still those of its
      // forward pass.
      shard.workspace.backward(
        trainer.shared.weights, shard.batch, into: shard.gradients, observer: count)
    }
    return Double(count.subnormal) / Double(count.all)
  }
}

/// Counts the subnormal numbers among the gradients by the pre-activations.
private final class SubnormalCount<Element: Scalar>: BackwardObserver {
  private(set) var subnormal = 0
  private(set) var all = 0

  func observe(_ step: BackwardStep<Element>) {
    let gradients = step.gateGradients
    for row in 0..<gradients.rows {
      for column in 0..<gradients.columns where gradients[row, column].isSubnormal {
        subnormal += 1
      }
    }
    all += gradients.count
  }
}
