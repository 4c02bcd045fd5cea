import UnrollDenseMath
import UnrollOptimization

/// Backpropagation through a stack against central differences, for every parameter and input.
public enum FeedForwardCheck {
  /// - Parameters:
  ///   - inputs: [B, I]; changed during the check, and restored.
  ///   - penalty: terms that are added to the loss.
  public static func run(
    _ stack: FeedForwardNetwork, _ parameters: Parameters<Double>, inputs: Matrix<Double>,
    targets: FeedForwardTargets<Double>, penalty: Penalty = Penalty()
  ) -> GradientCheck.Report {
    let pass = FeedForwardPass<Double>(stack, rows: inputs.rows)
    let gradient = Parameters<Double>(stack.layout)
    func loss() -> Double {
      pass.forward(parameters, inputs)
      return pass.loss(targets) + penalty.loss(of: parameters)
    }
    _ = loss()
    pass.backward(parameters, into: gradient)
    penalty.addGradient(of: parameters.values, to: gradient.values)
    let variables =
      stack.layout.entries.map {
        GradientCheck.Variable(name: $0.name, values: parameters[$0], gradient: gradient[$0])
      } + [.init(name: "inputs", values: inputs, gradient: pass.inputGradient.copy())]
    let bySign = penalty.l1 != 0
    return GradientCheck.run(variables) {
      let value = loss()
      return .init(loss: value, pattern: pass.kinkPattern(parameters, includingSigns: bySign))
    }
  }
}

extension FeedForwardPass<Double> {
  /// Changes when a unit crosses a kink of its activation, or under L1 a weight 0.
  fileprivate func kinkPattern(_ parameters: Parameters<Double>, includingSigns: Bool) -> UInt64 {
    var pattern = KinkPattern()
    let kinks = stack.specification.activation.shape.kinks
    if !kinks.isEmpty {
      for layer in layers { pattern.add(layer.activationInputs, at: kinks) }
    }
    if includingSigns { pattern.add(parameters.values) }
    return pattern.hash
  }
}
