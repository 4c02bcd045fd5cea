import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// A feed-forward network of D layers, and a readout where it has one. Layers have widths, and may have
/// activations, of their own; those of a stack are all alike.
///
/// With h_0 the input [B, I], layer i = 1…D of width N_i computes
///
///     z_i = h_{i−1} W_iᵀ + b_i          [B, N_i], of maxout with K pieces [B, K·N_i]
///     u_i = z_i, or BN(z_i) with batch normalization before f, which in a stack takes the place of b_i
///     a_i = f(u_i), or BN(f(u_i)) with batch normalization after f
///     h_i = a_i, plus h_{i−1} with residual connections where that has width N_i too
///
/// and the outputs are h_D, or h_D Wᵀ + b of the readout [B, O].
///
/// Parameters are named as PyTorch names those of `nn.ModuleList`s of `nn.Linear`, `nn.BatchNorm1d`
/// and `nn.PReLU`, counted from 0: `layers.0.weight` [N, I], `layers.0.bias` [N], `norms.0.weight`
/// and `norms.0.bias` [N], `slopes.0.weight` [1], `head.weight` [O, N], `head.bias` [O]. A layer of
/// maxout is an `nn.Linear` of K·N outputs, piece after piece: `z.view(B, K, N).amax(1)`.
public struct FeedForwardNetwork: Sendable {
  /// What each layer computes, from the input.
  public let layers: [LayerSpecification]
  /// How the weights start.
  public let initializer: Initializer
  /// I.
  public let inputs: Int
  /// O; nil without a readout.
  public let outputs: Int?
  /// The names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// Where batch normalization's running statistics lie: `norms.0.running_mean` and
  /// `norms.0.running_var` [N]; empty without it.
  public let statisticsLayout: ParameterLayout
  let entries: [LayerEntries]
  let head: HeadEntries?

  /// N_i of each layer.
  public var widths: [Int] { layers.map(\.width) }

  /// D.
  public var depth: Int { layers.count }

  /// A network of at least one layer, with a readout where `outputs` is given.
  public init(
    layers: [LayerSpecification], initializer: Initializer = .pytorch, inputs: Int,
    outputs: Int? = nil
  ) {
    require(
      inputs > 0 && !layers.isEmpty && layers.allSatisfy { $0.width > 0 && $0.function.pieces > 0 }
        && outputs ?? 1 > 0,
      "expected positive sizes, got \(inputs), \(layers.map(\.width)), \(outputs ?? 1)")
    self.layers = layers
    self.initializer = initializer
    self.inputs = inputs
    self.outputs = outputs
    var (layout, statistics) = (ParameterLayout(), ParameterLayout())
    var below = inputs
    entries = layers.enumerated().map { index, layer in
      defer { below = layer.width }
      return LayerEntries(index, inputs: below, layer, in: &layout, statistics: &statistics)
    }
    head = outputs.map { HeadEntries(inputs: below, outputs: $0, in: &layout) }
    self.layout = layout
    statisticsLayout = statistics
  }

  /// A stack: layers that differ in their `widths` alone.
  public init(
    _ specification: FeedForwardSpecification, inputs: Int, widths: [Int], outputs: Int? = nil
  ) {
    self.init(
      layers: widths.map { LayerSpecification(width: $0, specification) },
      initializer: specification.initializer, inputs: inputs, outputs: outputs)
  }

  /// A stack of `depth` layers of `width` units.
  public init(
    _ specification: FeedForwardSpecification, inputs: Int, width: Int, depth: Int,
    outputs: Int? = nil
  ) {
    require(depth > 0, "expected at least 1 layer, got \(depth)")
    self.init(
      specification, inputs: inputs, widths: Array(repeating: width, count: depth),
      outputs: outputs)
  }

  /// The width of h_{i−1} for layer `index` = i − 1.
  func inputs(of index: Int) -> Int { index == 0 ? inputs : layers[index - 1].width }

  /// Parameters as the initializer makes them, each layer by its own inputs and outputs, each piece of
  /// maxout by itself; scales of batch normalization start at 1, its shifts at 0, slopes of `prelu` at
  /// ¼. The same seed gives the same numbers in any precision.
  public func initialParameters(seed: UInt64) -> Parameters<Double> {
    let start = Parameters<Double>(layout)
    var random = RandomNumbers(seed: seed, 0x57AC)
    for (index, layer) in entries.enumerated() {
      // A bound or deviation of nn.Linear goes by the inputs of the layer.
      let fanIn = inputs(of: index)
      for piece in 0..<layers[index].function.pieces {
        initializer.fill(
          start[layer.weight].block(piece, height: layers[index].width), role: .recurrent,
          hidden: fanIn, using: &random)
      }
      if let bias = layer.bias {
        initializer.fillBias(start[bias], hidden: fanIn, using: &random)
      }
      if let norm = layer.norm { start[norm.weight].fill(1) }
      if let slope = layer.slope { start[slope].fill(Activation.startingSlope) }
    }
    if let head {
      let fanIn = inputs(of: depth)
      initializer.fill(start[head.weight], role: .readout, hidden: fanIn, using: &random)
      initializer.fillBias(start[head.bias], hidden: fanIn, using: &random)
    }
    return start
  }

  /// ‖W_i − W_i⁰‖/‖W_i⁰‖ for each layer: how far its weights have moved from `start`, as a share of their
  /// length there.
  public func movedShares(
    of parameters: Parameters<Double>, from start: Parameters<Double>
  ) -> [Double] {
    entries.map { layer in
      let difference = start[layer.weight].copy()
      difference.scale(by: -1)
      difference.addElements(of: parameters[layer.weight])
      return difference.norm / start[layer.weight].norm
    }
  }

  /// Running statistics before any batch: means 0, variances 1.
  public func initialStatistics<Element>() -> Parameters<Element> {
    let statistics = Parameters<Element>(statisticsLayout)
    for norm in entries.compactMap(\.norm) { statistics[norm.variance].fill(1) }
    return statistics
  }
}

/// Where one layer's parameters lie.
struct LayerEntries: Sendable {
  struct Norm: Sendable {
    let weight, bias, mean, variance: ParameterLayout.Entry
  }

  let weight: ParameterLayout.Entry
  /// nil for none.
  let bias: ParameterLayout.Entry?
  let norm: Norm?
  let slope: ParameterLayout.Entry?
  /// The shift of z: the bias, or that of the normalization before f.
  let shift: ParameterLayout.Entry?

  init(
    _ index: Int, inputs: Int, _ layer: LayerSpecification, in layout: inout ParameterLayout,
    statistics: inout ParameterLayout
  ) {
    weight = layout.append("layers.\(index).weight", layer.preActivationWidth, inputs)
    bias =
      layer.hasBias ? layout.append("layers.\(index).bias", layer.preActivationWidth) : nil
    if layer.normalization != nil {
      let width = layer.normalizedWidth
      norm = Norm(
        weight: layout.append("norms.\(index).weight", width),
        bias: layout.append("norms.\(index).bias", width),
        mean: statistics.append("norms.\(index).running_mean", width),
        variance: statistics.append("norms.\(index).running_var", width))
    } else {
      norm = nil
    }
    slope =
      layer.function == .activation(.prelu) ? layout.append("slopes.\(index).weight", 1) : nil
    shift = layer.normalization?.place == .beforeActivation ? norm?.bias : bias
  }

  /// Every parameter of the layer, in one order.
  var all: [ParameterLayout.Entry] {
    [weight] + [bias, norm?.weight, norm?.bias, slope].compactMap { $0 }
  }
}

/// Where the readout's parameters lie.
struct HeadEntries: Sendable {
  let weight, bias: ParameterLayout.Entry

  init(inputs: Int, outputs: Int, in layout: inout ParameterLayout) {
    weight = layout.append("head.weight", outputs, inputs)
    bias = layout.append("head.bias", outputs)
  }
}
