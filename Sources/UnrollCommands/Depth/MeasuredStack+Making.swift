import DeepStacks
import DenseMath
import Optimisation

extension MeasuredStack {
  /// A stack at initialisation.
  static func fresh(
    _ specification: StackSpecification, label: String? = nil, inputs: Int, width: Int, depth: Int,
    outputs: Int? = nil, data: StackData, seed: UInt64
  ) -> MeasuredStack {
    let stack = Stack(specification, inputs: inputs, width: width, depth: depth, outputs: outputs)
    let measured = stack.measure(stack.initialParameters(seed: seed), on: data)
    return MeasuredStack(
      label: label ?? specification.description, loss: measured.loss, layers: measured.layers)
  }

  /// What a trainer has made of its stack by these updates.
  init(label: String, _ trainer: StackTrainer, after updates: [StackUpdate]) {
    let measured = trainer.measure(after: updates)
    self.init(
      label: label, loss: measured.loss, layers: measured.layers, updates: updates)
  }
}

extension StackSpecification {
  init(
    _ activation: Activation, _ initialiser: Initialiser, normalised: Bool = false,
    residual: Bool = false
  ) {
    self.init(activation)
    self.initialiser = initialiser
    isNormalised = normalised
    isResidual = residual
  }
}
