import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// A feed-forward stack of D layers of one width N, and a readout where it has one.
///
/// With h_0 the input [B, I], layer i = 1…D computes
///
///     z_i = h_{i−1} W_iᵀ + b_i          [B, N]
///     u_i = z_i, or BN(z_i) with batch normalization, which takes the place of b_i
///     h_i = f(u_i), plus h_{i−1} with residual connections where that has width N
///
/// and the outputs are h_D, or h_D Wᵀ + b of the readout [B, O].
///
/// Parameters are named as PyTorch names those of `nn.ModuleList`s of `nn.Linear`, `nn.BatchNorm1d`
/// and `nn.PReLU`, counted from 0: `layers.0.weight` [N, I], `layers.0.bias` [N], `norms.0.weight`
/// and `norms.0.bias` [N], `slopes.0.weight` [1], `head.weight` [O, N], `head.bias` [O].
public struct FeedForwardNetwork: Sendable {
  /// What the layers are made of.
  public let specification: FeedForwardSpecification
  /// I.
  public let inputs: Int
  /// N.
  public let width: Int
  /// D.
  public let depth: Int
  /// O; nil without a readout.
  public let outputs: Int?
  /// The names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// Where batch normalization's running statistics lie: `norms.0.running_mean` and
  /// `norms.0.running_var` [N]; empty without it.
  public let statisticsLayout: ParameterLayout
  let layers: [LayerEntries]
  let head: HeadEntries?

  /// A stack of `depth` layers of `width` units, with a readout where `outputs` is given.
  public init(
    _ specification: FeedForwardSpecification, inputs: Int, width: Int, depth: Int,
    outputs: Int? = nil
  ) {
    require(
      inputs > 0 && width > 0 && depth > 0 && outputs ?? 1 > 0,
      "expected positive sizes, got \(inputs), \(width), \(depth), \(outputs ?? 1)")
    self.specification = specification
    self.inputs = inputs
    self.width = width
    self.depth = depth
    self.outputs = outputs
    var (layout, statistics) = (ParameterLayout(), ParameterLayout())
    layers = (0..<depth).map { index in
      LayerEntries(
        index, inputs: index == 0 ? inputs : width, width: width, specification, in: &layout,
        statistics: &statistics)
    }
    head = outputs.map { HeadEntries(inputs: width, outputs: $0, in: &layout) }
    self.layout = layout
    statisticsLayout = statistics
  }

  /// Parameters as the initializer makes them; scales of batch normalization start at 1, its shifts
  /// at 0, slopes of `prelu` at ¼. The same seed gives the same numbers in any precision.
  public func initialParameters(seed: UInt64) -> Parameters<Double> {
    let start = Parameters<Double>(layout)
    var random = RandomNumbers(seed: seed, 0x57AC)
    let initializer = specification.initializer
    for (index, layer) in layers.enumerated() {
      // A bound or deviation of nn.Linear goes by the inputs of the layer.
      let fanIn = index == 0 ? inputs : width
      initializer.fill(start[layer.weight], role: .recurrent, hidden: fanIn, using: &random)
      if let bias = layer.bias {
        initializer.fillBias(start[bias], hidden: fanIn, using: &random)
      }
      if let norm = layer.norm { start[norm.weight].fill(1) }
      if let slope = layer.slope { start[slope].fill(0.25) }
    }
    if let head {
      initializer.fill(start[head.weight], role: .readout, hidden: width, using: &random)
      initializer.fillBias(start[head.bias], hidden: width, using: &random)
    }
    return start
  }

  /// ‖W_i − W_i⁰‖/‖W_i⁰‖ for each layer: how far its weights have moved from `start`, as a share of their
  /// length there.
  public func movedShares(
    of parameters: Parameters<Double>, from start: Parameters<Double>
  ) -> [Double] {
    layers.map { layer in
      let difference = start[layer.weight].copy()
      difference.scale(by: -1)
      difference.addElements(of: parameters[layer.weight])
      return difference.norm / start[layer.weight].norm
    }
  }

  /// Running statistics before any batch: means 0, variances 1.
  public func initialStatistics<Element>() -> Parameters<Element> {
    let statistics = Parameters<Element>(statisticsLayout)
    for norm in layers.compactMap(\.norm) { statistics[norm.variance].fill(1) }
    return statistics
  }
}

/// Where one layer's parameters lie.
struct LayerEntries: Sendable {
  struct Norm: Sendable {
    let weight, bias, mean, variance: ParameterLayout.Entry
  }

  let weight: ParameterLayout.Entry
  /// nil with batch normalization.
  let bias: ParameterLayout.Entry?
  let norm: Norm?
  let slope: ParameterLayout.Entry?

  init(
    _ index: Int, inputs: Int, width: Int, _ specification: FeedForwardSpecification,
    in layout: inout ParameterLayout, statistics: inout ParameterLayout
  ) {
    weight = layout.append("layers.\(index).weight", width, inputs)
    if specification.isNormalized {
      bias = nil
      norm = Norm(
        weight: layout.append("norms.\(index).weight", width),
        bias: layout.append("norms.\(index).bias", width),
        mean: statistics.append("norms.\(index).running_mean", width),
        variance: statistics.append("norms.\(index).running_var", width))
    } else {
      bias = layout.append("layers.\(index).bias", width)
      norm = nil
    }
    slope = specification.activation == .prelu ? layout.append("slopes.\(index).weight", 1) : nil
  }

  /// The bias, or the shift that takes its place.
  var shift: ParameterLayout.Entry? { bias ?? norm?.bias }

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
