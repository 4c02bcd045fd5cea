import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization

extension MeasuredNetwork {
  /// Measures a network at its initial weights.
  ///
  /// - Parameters:
  ///   - label: its name in reports; nil takes the text of `specification`.
  ///   - widths: the size of each layer.
  ///   - outputs: the size of a readout after them; nil for none.
  ///   - data: the batch that it is measured on.
  ///   - seed: decides the weights.
  public static func fresh(
    _ specification: FeedForwardSpecification, label: String? = nil, inputs: Int, widths: [Int],
    outputs: Int? = nil, data: FeedForwardData, seed: UInt64
  ) -> MeasuredNetwork {
    let stack = FeedForwardNetwork(
      specification, inputs: inputs, widths: widths, outputs: outputs)
    let measured = stack.measure(stack.initialParameters(seed: seed), on: data)
    return MeasuredNetwork(
      label: label ?? specification.description, loss: measured.loss, layers: measured.layers)
  }

  /// Measures a network at its initial weights, whose `depth` layers have one `width`; see
  /// ``fresh(_:label:inputs:widths:outputs:data:seed:)``.
  public static func fresh(
    _ specification: FeedForwardSpecification, label: String? = nil, inputs: Int, width: Int,
    depth: Int, outputs: Int? = nil, data: FeedForwardData, seed: UInt64
  ) -> MeasuredNetwork {
    fresh(
      specification, label: label, inputs: inputs, widths: Array(repeating: width, count: depth),
      outputs: outputs, data: data, seed: seed)
  }

  /// Measures a network of PyTorch's on a batch.
  ///
  /// - Parameters:
  ///   - label: its name in reports; nil takes the file's, without its folder and ending.
  ///   - normalization: where batch normalization takes its means and variances.
  public init(
    label: String? = nil, _ file: FeedForwardFile, on data: FeedForwardData,
    normalizingBy normalization: FeedForwardPass<Double>.Normalization = .batch()
  ) {
    let measured = file.network.measure(
      file.parameters, on: data, normalizingBy: normalization)
    self.init(
      label: label ?? RunFolder.subject(file: file.path), loss: measured.loss,
      layers: measured.layers)
  }

  /// Measures a network as its trainer leaves it after `updates`.
  public init(label: String, _ trainer: FeedForwardTrainer, after updates: [FeedForwardUpdate]) {
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
