import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization

extension MeasuredNetwork {
  /// A stack at initialization.
  package static func fresh(
    _ specification: FeedForwardSpecification, label: String? = nil, inputs: Int, width: Int,
    depth: Int,
    outputs: Int? = nil, data: FeedForwardData, seed: UInt64
  ) -> MeasuredNetwork {
    let stack = FeedForwardNetwork(
      specification, inputs: inputs, width: width, depth: depth, outputs: outputs)
    let measured = stack.measure(stack.initialParameters(seed: seed), on: data)
    return MeasuredNetwork(
      label: label ?? specification.description, loss: measured.loss, layers: measured.layers)
  }

  /// What a trainer has made of its stack by these updates.
  package init(label: String, _ trainer: FeedForwardTrainer, after updates: [FeedForwardUpdate]) {
    let measured = trainer.measure(after: updates)
    self.init(
      label: label, loss: measured.loss, layers: measured.layers, updates: updates)
  }
}

extension FeedForwardSpecification {
  package init(
    _ activation: Activation, _ initializer: Initializer, normalized: Bool = false,
    residual: Bool = false
  ) {
    self.init(activation)
    self.initializer = initializer
    isNormalized = normalized
    isResidual = residual
  }
}
