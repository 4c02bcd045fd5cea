import UnrollDenseMath
import UnrollOptimization

extension FeedForwardNetwork {
  /// Greedy layer-wise pre-training (Bengio, Lamblin, Popovici & Larochelle 2007): from the input
  /// upwards, each layer becomes the encoder of an autoencoder that gives its own input back through a
  /// linear readout (mean squared error), is trained for `steps` updates, and then passes its outputs
  /// on. The readout of the stack itself stays as it is.
  ///
  /// - Returns: the autoencoders' last losses, layer by layer.
  public func pretrain(
    _ parameters: Parameters<Double>, on inputs: Matrix<Double>, steps: Int,
    settings: FeedForwardTrainingSettings, seed: UInt64
  ) -> [Double] {
    var below = inputs
    return layers.enumerated().map { index, layer in
      let encoder = FeedForwardNetwork(
        specification, inputs: below.columns, width: width, depth: 1, outputs: below.columns)
      let weights = encoder.initialParameters(seed: seed &+ UInt64(index))
      for (own, other) in zip(layer.all, encoder.layers[0].all) {
        weights[other].assign(parameters[own])
      }
      var settings = settings
      settings.seed &+= UInt64(index)
      let trainer = FeedForwardTrainer(
        encoder, weights, on: FeedForwardData(inputs: below, targets: .values(below)),
        settings: settings)
      let losses = trainer.run(steps).map(\.loss)
      for (own, other) in zip(layer.all, encoder.layers[0].all) {
        parameters[own].assign(weights[other])
      }
      let pass = FeedForwardPass<Double>(encoder, rows: below.rows)
      pass.forward(weights, below)
      below = pass.hidden(1).copy()
      return losses.last ?? .nan
    }
  }
}

extension LayerEntries {
  /// Every parameter of the layer, in one order.
  fileprivate var all: [ParameterLayout.Entry] {
    [weight] + [bias, norm?.weight, norm?.bias, slope].compactMap { $0 }
  }
}
