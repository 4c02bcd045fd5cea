import UnrollDenseMath
import UnrollOptimization

/// One layer's values for B rows, forward and backward; the equations stand with ``FeedForwardNetwork``.
final class FeedForwardLayer<Element: Scalar> {
  private let entries: LayerEntries
  private let activation: Activation
  private let isResidual: Bool
  private let normalization: BatchNormalization<Element>?
  /// z and, with batch normalization, u apart from it.
  private let preActivations: Matrix<Element>
  let activationInputs: Matrix<Element>
  /// f(u).
  let activations: Matrix<Element>
  /// h; the same as f(u) without a residual connection.
  let outputs: Matrix<Element>
  /// ∂L/∂h, to be complete before ``backward(_:inputs:into:inputGradient:)``.
  let outputGradient: Matrix<Element>
  private let gradient: Matrix<Element>

  init(
    _ entries: LayerEntries, _ specification: FeedForwardSpecification, rows: Int, inputs: Int,
    width: Int
  ) {
    self.entries = entries
    activation = specification.activation
    isResidual = specification.isResidual && inputs == width
    preActivations = Matrix(rows: rows, columns: width)
    if specification.isNormalized {
      normalization = BatchNormalization(rows: rows, width: width)
      activationInputs = Matrix(rows: rows, columns: width)
    } else {
      normalization = nil
      activationInputs = preActivations
    }
    activations = Matrix(rows: rows, columns: width)
    outputs = isResidual ? Matrix(rows: rows, columns: width) : activations
    outputGradient = Matrix(rows: rows, columns: width)
    gradient = Matrix(rows: rows, columns: width)
  }

  func forward(
    _ parameters: Parameters<Element>, inputs: Matrix<Element>,
    statistics: Parameters<Element>?, usesBatch: Bool,
    drawingSlopesFrom random: inout RandomNumbers?
  ) {
    if let bias = entries.bias { preActivations.fillRows(parameters[bias]) }
    preActivations.formProduct(
      inputs, parameters[entries.weight], transposing: .right, adding: entries.bias != nil)
    if let normalization, let norm = entries.norm {
      normalization.forward(
        preActivations, scale: parameters[norm.weight], shift: parameters[norm.bias],
        running: statistics.map { ($0[norm.mean], $0[norm.variance]) }, usesBatch: usesBatch,
        into: activationInputs)
    }
    activate(parameters, drawingSlopesFrom: &random)
    if isResidual {
      outputs.assign(inputs)
      outputs.addElements(of: activations)
    }
  }

  private func activate(
    _ parameters: Parameters<Element>, drawingSlopesFrom random: inout RandomNumbers?
  ) {
    if activation == .rrelu, var numbers = random {
      activations.applyDrawingSlopes(to: activationInputs, using: &numbers)
      random = numbers
    } else {
      activations.apply(activation, slope: slope(parameters), to: activationInputs)
    }
  }

  /// Adds to the parameters' gradient, and sets ∂L/∂h_{i−1}.
  func backward(
    _ parameters: Parameters<Element>, inputs: Matrix<Element>, into sum: Parameters<Element>,
    inputGradient: Matrix<Element>
  ) {
    if let entry = entries.slope {
      sum[entry][0, 0] += Element(activationInputs.slopeGradient(outputGradient))
    }
    formPreActivationGradient(parameters)
    if let normalization, let norm = entries.norm {
      normalization.backward(
        gradient, scale: parameters[norm.weight], scaleGradient: sum[norm.weight],
        shiftGradient: sum[norm.bias])
    }
    sum[entries.weight].formProduct(gradient, inputs, transposing: .left, adding: true)
    if let bias = entries.bias { sum[bias].addColumnSums(of: gradient) }
    inputGradient.formProduct(gradient, parameters[entries.weight])
    if isResidual { inputGradient.addElements(of: outputGradient) }
  }

  /// gradient = ∂L/∂u.
  private func formPreActivationGradient(_ parameters: Parameters<Element>) {
    gradient.applyDerivative(
      of: activation, slope: slope(parameters), preActivations: activationInputs,
      outputs: activations, gradient: outputGradient)
  }

  /// f′(u), into `target`.
  func formDerivative(_ parameters: Parameters<Element>, into target: Matrix<Element>) {
    gradient.fill(1)
    target.applyDerivative(
      of: activation, slope: slope(parameters), preActivations: activationInputs,
      outputs: activations, gradient: gradient)
  }

  private func slope(_ parameters: Parameters<Element>) -> Double {
    entries.slope.map { Double(parameters[$0][0, 0]) } ?? 0
  }
}
