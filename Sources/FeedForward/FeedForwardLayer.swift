import UnrollDenseMath
import UnrollOptimization

/// One layer's values for B rows, forward and backward; the equations stand with ``FeedForwardNetwork``.
final class FeedForwardLayer<Element: Scalar> {
  private let entries: LayerEntries
  private let function: LayerFunction
  private let place: LayerSpecification.Normalization.Place?
  private let isResidual: Bool
  private let normalization: BatchNormalization<Element>?
  private let maxout: Maxout<Element>?
  /// z [B, K·N] and, with batch normalization before f, u apart from it.
  private let preActivations: Matrix<Element>
  let activationInputs: Matrix<Element>
  /// f(u) [B, N].
  let activations: Matrix<Element>
  /// BN(f(u)) with batch normalization after f, otherwise the same as f(u).
  private let normalizedActivations: Matrix<Element>
  /// h; the same as what stands before it without a residual connection.
  let outputs: Matrix<Element>
  /// ∂L/∂h, to be complete before ``backward(_:inputs:into:inputGradient:)``.
  let outputGradient: Matrix<Element>
  /// ∂L/∂f(u); the same as ∂L/∂h without batch normalization after f.
  private let activationGradient: Matrix<Element>
  /// ∂L/∂u, then ∂L/∂z.
  private let gradient: Matrix<Element>

  init(_ entries: LayerEntries, _ layer: LayerSpecification, rows: Int, inputs: Int) {
    func matrix(_ columns: Int) -> Matrix<Element> { Matrix(rows: rows, columns: columns) }
    self.entries = entries
    function = layer.function
    place = layer.normalization?.place
    isResidual = layer.isResidual && inputs == layer.width
    normalization = layer.normalization.map {
      BatchNormalization(rows: rows, width: layer.normalizedWidth, epsilon: $0.epsilon)
    }
    maxout =
      if case .maxout(let pieces) = function {
        Maxout(rows: rows, width: layer.width, pieces: pieces)
      } else { nil }
    preActivations = matrix(layer.preActivationWidth)
    activationInputs =
      place == .beforeActivation ? matrix(layer.preActivationWidth) : preActivations
    activations = matrix(layer.width)
    normalizedActivations = place == .afterActivation ? matrix(layer.width) : activations
    outputs = isResidual ? matrix(layer.width) : normalizedActivations
    outputGradient = matrix(layer.width)
    activationGradient = place == .afterActivation ? matrix(layer.width) : outputGradient
    gradient = matrix(layer.preActivationWidth)
  }

  func forward(
    _ parameters: Parameters<Element>, inputs: Matrix<Element>,
    statistics: Parameters<Element>?, usesBatch: Bool,
    drawingSlopesFrom random: inout RandomNumbers?
  ) {
    func normalize(_ source: Matrix<Element>, into target: Matrix<Element>) {
      guard let normalization, let norm = entries.norm else { return }
      normalization.forward(
        source, scale: parameters[norm.weight], shift: parameters[norm.bias],
        running: statistics.map { ($0[norm.mean], $0[norm.variance]) }, usesBatch: usesBatch,
        into: target)
    }
    if let bias = entries.bias { preActivations.fillRows(parameters[bias]) }
    preActivations.formProduct(
      inputs, parameters[entries.weight], transposing: .right, adding: entries.bias != nil)
    if place == .beforeActivation { normalize(preActivations, into: activationInputs) }
    switch function {
    case .activation(let activation): activate(activation, parameters, drawingSlopesFrom: &random)
    case .maxout: maxout?.forward(activationInputs, into: activations)
    }
    if place == .afterActivation { normalize(activations, into: normalizedActivations) }
    if isResidual {
      outputs.assign(inputs)
      outputs.addElements(of: normalizedActivations)
    }
  }

  private func activate(
    _ activation: Activation, _ parameters: Parameters<Element>,
    drawingSlopesFrom random: inout RandomNumbers?
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
    func passNormalization(_ gradient: Matrix<Element>) {
      guard let normalization, let norm = entries.norm else { return }
      normalization.backward(
        gradient, scale: parameters[norm.weight], scaleGradient: sum[norm.weight],
        shiftGradient: sum[norm.bias])
    }
    if place == .afterActivation {
      activationGradient.assign(outputGradient)
      passNormalization(activationGradient)
    }
    if let entry = entries.slope {
      sum[entry][0, 0] += Element(activationInputs.slopeGradient(activationGradient))
    }
    switch function {
    case .activation(let activation):
      gradient.applyDerivative(
        of: activation, slope: slope(parameters), preActivations: activationInputs,
        outputs: activations, gradient: activationGradient)
    case .maxout: maxout?.backward(activationGradient, into: gradient)
    }
    if place == .beforeActivation { passNormalization(gradient) }
    sum[entries.weight].formProduct(gradient, inputs, transposing: .left, adding: true)
    if let bias = entries.bias { sum[bias].addColumnSums(of: gradient) }
    inputGradient.formProduct(gradient, parameters[entries.weight])
    if isResidual { inputGradient.addElements(of: outputGradient) }
  }

  /// The share of units, row by row, with |f′(u)| below ``LayerRecord/saturationBound(of:)``. It
  /// overwrites ∂L/∂u.
  func saturatedShare(_ parameters: Parameters<Element>) -> Double {
    // The largest piece passes on all of the gradient.
    guard case .activation(let activation) = function else { return 0 }
    let ones = activations.copy()
    ones.fill(1)
    gradient.applyDerivative(
      of: activation, slope: slope(parameters), preActivations: activationInputs,
      outputs: activations, gradient: ones)
    let (slopes, bound) = (gradient.values, LayerRecord.saturationBound(of: activation))
    return Double(slopes.count { abs($0) < bound }) / Double(slopes.count)
  }

  /// Adds on which side of each kink of f the units stand.
  func addKinks(to pattern: inout KinkPattern) {
    switch function {
    case .activation(let activation):
      let kinks = activation.shape.kinks
      if !kinks.isEmpty { pattern.add(activationInputs, at: kinks) }
    case .maxout:
      if let maxout { pattern.add(maxout.winners) }
    }
  }

  private func slope(_ parameters: Parameters<Element>) -> Double {
    entries.slope.map { Double(parameters[$0][0, 0]) } ?? 0
  }
}
