import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// A stack's forward and backward pass over B rows, with the memory for it.
///
///     let stack = FeedForwardNetwork(.init(.relu), inputs: 2, width: 8, depth: 3, outputs: 1)
///     let parameters = stack.initialParameters(seed: 1)
///     let pass = FeedForwardPass<Double>(stack, rows: 4)
///     pass.forward(parameters, inputs)
///     let loss = pass.loss(.values(targets))
///     pass.backward(parameters, into: gradient)
public final class FeedForwardPass<Element: Scalar> {
  /// The stack that the pass runs.
  public let stack: FeedForwardNetwork
  /// B.
  public let rows: Int
  let layers: [FeedForwardLayer<Element>]
  /// The readout's outputs, or h_D.
  public let outputs: Matrix<Element>
  /// ∂L/∂outputs.
  private let outputGradient: Matrix<Element>
  private let inputs: Matrix<Element>
  /// ∂L/∂inputs after ``backward(_:into:)``, [B, I].
  public let inputGradient: Matrix<Element>

  /// Memory for passes over `rows` rows, which must be at least 1.
  public init(_ stack: FeedForwardNetwork, rows: Int) {
    require(rows > 0, "expected at least 1 row, got \(rows)")
    self.stack = stack
    self.rows = rows
    layers = stack.layers.enumerated().map { index, entries in
      FeedForwardLayer(
        entries, stack.specification, rows: rows, inputs: index == 0 ? stack.inputs : stack.width,
        width: stack.width)
    }
    let last = layers[layers.count - 1]
    outputs = stack.outputs.map { Matrix(rows: rows, columns: $0) } ?? last.outputs
    outputGradient =
      stack.outputs.map { Matrix(rows: rows, columns: $0) } ?? last.outputGradient
    inputs = Matrix(rows: rows, columns: stack.inputs)
    inputGradient = Matrix(rows: rows, columns: stack.inputs)
  }

  /// How batch normalization takes its means and variances.
  public enum Normalization {
    /// From the batch; `following` are running statistics that follow it.
    case batch(following: Parameters<Element>? = nil)
    /// Running statistics, for evaluation.
    case running(Parameters<Element>)
  }

  /// Computes ``outputs`` for `inputs` [B, I].
  ///
  /// - Parameter random: what training draws the slopes of ``Activation/rrelu`` from; nil takes their
  ///   mean, as evaluation does.
  public func forward(
    _ parameters: Parameters<Element>, _ inputs: Matrix<Element>,
    normalizingBy normalization: Normalization = .batch(),
    drawingSlopesFrom random: RandomNumbers? = nil
  ) {
    var random = random
    self.inputs.assign(inputs)
    let (statistics, usesBatch) =
      switch normalization {
      case .batch(let running): (running, true)
      case .running(let running): (Optional(running), false)
      }
    for (index, layer) in layers.enumerated() {
      layer.forward(
        parameters, inputs: self.inputs(of: index), statistics: statistics, usesBatch: usesBatch,
        drawingSlopesFrom: &random)
    }
    guard let head = stack.head, let last = layers.last else { return }
    outputs.fillRows(parameters[head.bias])
    outputs.formProduct(
      last.outputs, parameters[head.weight], transposing: .right, adding: true)
  }

  /// The mean loss over rows of what ``forward(_:_:normalizingBy:drawingSlopesFrom:)`` gave; must come
  /// before ``backward(_:into:)``.
  public func loss(_ targets: FeedForwardTargets<Element>) -> Double {
    outputGradient.assign(outputs)
    return targets.loss(overwriting: outputGradient)
  }

  /// Sets `gradient` to the mean loss's, and ``inputGradient``.
  public func backward(_ parameters: Parameters<Element>, into gradient: Parameters<Element>) {
    gradient.values.fill(0)
    if let head = stack.head, let last = layers.last {
      gradient[head.weight].formProduct(
        outputGradient, last.outputs, transposing: .left, adding: true)
      gradient[head.bias].addColumnSums(of: outputGradient)
      last.outputGradient.formProduct(outputGradient, parameters[head.weight])
    }
    for index in layers.indices.reversed() {
      layers[index].backward(
        parameters, inputs: inputs(of: index), into: gradient,
        inputGradient: index == 0 ? inputGradient : layers[index - 1].outputGradient)
    }
  }

  /// h_{i−1}.
  private func inputs(of index: Int) -> Matrix<Element> {
    index == 0 ? inputs : layers[index - 1].outputs
  }

  /// h_i for i = 1…D, [B, N].
  public func hidden(_ layer: Int) -> Matrix<Element> { layers[layer - 1].outputs }

  /// ∂L/∂h_i for i = 1…D after ``backward(_:into:)``, [B, N].
  public func hiddenGradient(_ layer: Int) -> Matrix<Element> { layers[layer - 1].outputGradient }
}
