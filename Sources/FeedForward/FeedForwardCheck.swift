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
    let checked = CheckedStack(
      stack, parameters, inputs: inputs, targets: targets, penalty: penalty)
    _ = checked.evaluate()
    let variables = checked.gradients().map {
      GradientCheck.Variable(name: $0.name, values: $0.values, gradient: $0.gradient)
    }
    return GradientCheck.run(variables, loss: checked.evaluate)
  }

  /// Compares the gradient in Float32 with that in Float64, both at the numbers rounded to Float32.
  ///
  /// - Parameters: as those of ``run(_:_:inputs:targets:penalty:)``.
  public static func comparePrecisions(
    _ stack: FeedForwardNetwork, _ parameters: Parameters<Double>, inputs: Matrix<Double>,
    targets: FeedForwardTargets<Double>, penalty: Penalty = Penalty()
  ) -> GradientCheck.Report {
    func gradients<Element: Scalar>(
      _ parameters: Parameters<Element>, _ inputs: Matrix<Element>,
      _ targets: FeedForwardTargets<Element>
    ) -> (gradients: [GradientCheck.Gradient], pattern: UInt64) {
      let checked = CheckedStack(
        stack, parameters, inputs: inputs, targets: targets, penalty: penalty)
      let pattern = checked.evaluate().pattern
      return (checked.gradients().map { ($0.name, $0.gradient.values) }, pattern)
    }
    let single = gradients(
      parameters.converted(to: Float.self), inputs.converted(to: Float.self),
      targets.mapped { $0.converted(to: Float.self) })
    let double = gradients(
      parameters.roundedToFloat, inputs.roundedToFloat, targets.mapped { $0.roundedToFloat })
    return GradientCheck.compare(
      single.gradients, with: double.gradients, isOnSameSide: single.pattern == double.pattern)
  }
}

/// A stack on one batch, whose loss and gradient are taken for a check.
private struct CheckedStack<Element: Scalar> {
  let parameters: Parameters<Element>
  let inputs: Matrix<Element>
  let targets: FeedForwardTargets<Element>
  let penalty: Penalty
  let pass: FeedForwardPass<Element>

  init(
    _ stack: FeedForwardNetwork, _ parameters: Parameters<Element>, inputs: Matrix<Element>,
    targets: FeedForwardTargets<Element>, penalty: Penalty
  ) {
    (self.parameters, self.inputs, self.targets) = (parameters, inputs, targets)
    self.penalty = penalty
    pass = FeedForwardPass(stack, rows: inputs.rows)
  }

  /// The loss at the present values. The pattern changes when a unit crosses a kink of its activation,
  /// another piece of maxout is the largest, or under L1 a weight crosses 0.
  func evaluate() -> GradientCheck.Evaluation {
    pass.forward(parameters, inputs)
    let loss = pass.loss(targets) + penalty.loss(of: parameters)
    var pattern = KinkPattern()
    for layer in pass.layers { layer.addKinks(to: &pattern) }
    if penalty.l1 != 0 { pattern.add(parameters.values) }
    return .init(loss: loss, pattern: pattern.hash)
  }

  /// The gradient after ``evaluate()``, by each parameter and input.
  func gradients() -> [(name: String, values: Matrix<Element>, gradient: Matrix<Element>)] {
    let gradient = Parameters<Element>(pass.stack.layout)
    pass.backward(parameters, into: gradient)
    penalty.addGradient(of: parameters.values, to: gradient.values)
    return pass.stack.layout.entries.map {
      (name: $0.name, values: parameters[$0], gradient: gradient[$0])
    } + [(name: "inputs", values: inputs, gradient: pass.inputGradient.copy())]
  }
}

extension FeedForwardTargets {
  /// The same targets with each matrix mapped by `body`.
  fileprivate func mapped<Other>(
    _ body: (Matrix<Element>) -> Matrix<Other>
  ) -> FeedForwardTargets<Other> {
    switch self {
    case .values(let values, let scale): .values(body(values), scale: scale)
    case .classes(let classes): .classes(classes)
    case .cotangents(let matrix): .cotangents(body(matrix))
    case .gradient(let matrix): .gradient(body(matrix))
    }
  }
}
