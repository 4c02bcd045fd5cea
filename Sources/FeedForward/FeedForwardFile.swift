import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollText

/// A feed-forward network of PyTorch's: the `state_dict` of an `nn.Sequential` in a safetensors file, its
/// names with any prefix.
///
///     save_file(model.state_dict(), "mlp.safetensors", metadata={"activation": "relu"})
///
///     let file = try FeedForwardFile(path: "mlp.safetensors")
///     let data = try FeedForwardBatch(path: "batch.safetensors", for: file).data
///     let measured = file.network.measure(file.parameters, on: data)
///
/// Each `nn.Linear` begins a layer, which ends before the next one: with an `nn.BatchNorm1d` before or
/// after its activation, and a `nn.PReLU`. What has no tensors is a gap in the numbers: the first gap
/// behind an `nn.Linear` or its normalization is the activation, and others (dropout, flatten) change
/// nothing. Where no gap and no `nn.PReLU` is, there is no activation; but where the file has neither
/// anywhere, as that of an `nn.ModuleList` whose activations are functions, an activation that is named
/// follows each layer. The last `nn.Linear` is the readout. A missing bias is zero, a missing scale of
/// normalization 1.
public struct FeedForwardFile: Sendable {
  /// Where the file is.
  public let path: String
  /// The layers and the readout.
  public let network: FeedForwardNetwork
  /// In Float64, whatever the file has.
  public let parameters: Parameters<Double>
  /// The running means and variances of batch normalization.
  public let statistics: Parameters<Double>
  /// The activation of the gaps; nil where there are none.
  public let activation: Activation?
  /// What the metadata say of it; nil where they do not.
  public let savedActivation: Activation?
  /// Whether modules without tensors stand before the first layer, as `nn.Flatten` does.
  public let mayFlatten: Bool
  /// What may have been meant otherwise, a line each.
  public let notices: [String]

  /// The metadata's key of batch normalization's ε, for other models than those with 1e-5.
  public static let epsilonKey = "batch_norm_eps"

  /// Reads a network.
  ///
  /// - Parameters:
  ///   - activation: that of the gaps, where the file's metadata do not name it.
  ///   - hasReadout: whether the last `nn.Linear` is a readout; otherwise it is a layer like the others,
  ///     with an activation behind it.
  /// - Throws: `FileError` when the file cannot be read, also for a weight that is not finite;
  ///   ``FeedForwardFileError`` when it does not hold such a network, and where its activation is not
  ///   known.
  public init(path: String, activation: Activation? = nil, hasReadout: Bool = true) throws {
    let file = try SafetensorsFile(path: path)
    let groups = try LayerGroup.groups(SequentialModules(file).modules, in: file)
    let named: Activation?
    do throws(InvalidSetting) {
      named = try file.metadata["activation"].map { (text) throws(InvalidSetting) in
        try Activation(parsing: text)
      }
    } catch {
      throw FeedForwardFileError.activation(path: path, error)
    }
    let readout = hasReadout ? groups.last : nil
    if let readout, let behind = readout.prelu ?? readout.normalization {
      throw FeedForwardFileError.behindReadout(path: path, module: behind.name)
    }
    let hidden = hasReadout ? groups.dropLast() : groups[...]
    guard !hidden.isEmpty else { throw FeedForwardFileError.readoutAlone(path: path) }
    let function = named ?? activation
    let epsilon = try Self.epsilon(in: file)
    let showsActivations = groups.dropLast().contains { $0.hasGap || $0.prelu != nil }
    let layers = try hidden.map { group in
      try group.layer(
        function, isEverywhere: !showsActivations && function != nil, epsilon: epsilon, in: file)
    }
    network = FeedForwardNetwork(
      layers: layers, inputs: groups[0].inputs, outputs: readout?.outputs)
    parameters = Parameters(network.layout)
    statistics = Parameters(network.statisticsLayout)
    for (group, entries) in zip(hidden, network.entries) {
      try group.read(file, into: (parameters, statistics), entries)
    }
    if let readout, let head = network.head {
      try parameters.read(head.weight, from: file, readout.linear.prefix + "weight")
      try parameters.read(head.bias, from: file, readout.linear.prefix + "bias", otherwise: 0)
    }
    self.path = path
    self.activation = !showsActivations || hidden.contains(where: \.hasGap) ? function : nil
    savedActivation = named
    mayFlatten = groups[0].linear.index > 0
    let linear =
      showsActivations || function != nil
      ? []
      : [
        "\(path.escaped): the numbers leave no gap for an activation, and the layers are taken to have "
          + "none; one that is named would follow each of them"
      ]
    notices = linear + hidden.compactMap { $0.notice(in: path) }
  }

  private static func epsilon(in file: SafetensorsFile) throws(FileError) -> Double {
    guard let text = file.metadata[epsilonKey] else { return 1e-5 }
    guard let epsilon = Double(text), epsilon.isFinite, epsilon > 0 else {
      throw file.malformed(
        .invalidMetadata(key: epsilonKey, value: text, accepted: ["a number above 0"]))
    }
    return epsilon
  }
}

/// An `nn.Linear` with what follows it up to the next.
private struct LayerGroup {
  typealias Module = SequentialModules.Module

  let linear: Module
  let inputs, outputs: Int
  private(set) var normalization: Module?
  private(set) var prelu: Module?
  /// The number of the next `nn.Linear`; nil for the last one.
  private(set) var next: Int?

  /// - Throws: ``FeedForwardFileError`` for modules in another order, or whose sizes do not follow each
  ///   other.
  static func groups(
    _ modules: [Module], in file: SafetensorsFile
  ) throws(FeedForwardFileError) -> [LayerGroup] {
    let path = file.path
    var groups: [LayerGroup] = []
    for module in modules {
      if case .linear(let inputs, let outputs) = module.kind {
        if let last = groups.last, last.outputs != inputs {
          throw .unfitShape(
            path: path, tensor: module.prefix + "weight",
            accepted: "[outputs, \(last.outputs)], since \(last.linear.name.quoted) gives "
              + "\(last.outputs)", got: [outputs, inputs])
        }
        if !groups.isEmpty { groups[groups.count - 1].next = module.index }
        groups.append(LayerGroup(linear: module, inputs: inputs, outputs: outputs))
        continue
      }
      guard !groups.isEmpty else { throw .startsOtherwise(path: path, module: module.name) }
      try groups[groups.count - 1].append(module, path: path)
    }
    if groups.isEmpty { throw .startsOtherwise(path: path, module: nil) }
    return groups
  }

  private mutating func append(
    _ module: Module, path: String
  ) throws(FeedForwardFileError) {
    switch module.kind {
    case .batchNormalization(let width):
      guard normalization == nil else { throw .repeatedModule(path: path, module: module.name) }
      guard width == outputs else {
        throw .unfitShape(
          path: path, tensor: module.prefix + "running_mean",
          accepted: "[\(outputs)], since \(linear.name.quoted) gives \(outputs)", got: [width])
      }
      normalization = module
    case .prelu, .linear:
      guard prelu == nil else { throw .repeatedModule(path: path, module: module.name) }
      prelu = module
    }
  }

  // MARK: The activation

  /// Whether something without tensors stands directly behind the `nn.Linear`.
  private var hasGapBehindLinear: Bool {
    (normalization?.index ?? next).map { $0 > linear.index + 1 } ?? true
  }

  /// Whether something without tensors stands behind the normalization, or may, at the end.
  private var hasGapBehindNormalization: Bool {
    guard let normalization else { return false }
    // The end does not show; an activation before the normalization is one already.
    return next.map { $0 > normalization.index + 1 } ?? !hasGapBehindLinear
  }

  /// Whether a module without tensors is the activation.
  var hasGap: Bool { prelu == nil && (hasGapBehindLinear || hasGapBehindNormalization) }

  private var place: LayerSpecification.Normalization.Place? {
    guard let normalization else { return nil }
    let isAfter = prelu.map { $0.index < normalization.index } ?? hasGapBehindLinear
    return isAfter ? .afterActivation : .beforeActivation
  }

  /// The layer, with `activation` in the gap.
  ///
  /// - Parameter isEverywhere: whether the activation needs no gap.
  func layer(
    _ activation: Activation?, isEverywhere: Bool, epsilon: Double, in file: SafetensorsFile
  ) throws(FeedForwardFileError) -> LayerSpecification {
    let function: Activation
    if prelu != nil {
      function = .prelu
    } else if !hasGap, !isEverywhere {
      function = .identity
    } else if let activation {
      // nn.PReLU has a tensor.
      guard activation != .prelu else {
        throw .slopeMissing(path: file.path)
      }
      function = activation
    } else {
      let before = hasGapBehindLinear ? linear : normalization ?? linear
      throw .noActivation(path: file.path, module: before.name)
    }
    var layer = LayerSpecification(
      width: outputs, .activation(function),
      normalization: place.map { .init($0, epsilon: epsilon) })
    layer.hasBias = place != .beforeActivation || file.contains(linear.prefix + "bias")
    return layer
  }

  /// That two modules without tensors may both be the activation; nil where they are not.
  func notice(in path: String) -> String? {
    guard prelu == nil, let normalization, hasGapBehindLinear, hasGapBehindNormalization else {
      return nil
    }
    return
      "\(path.escaped): modules without tensors stand before and behind \(normalization.name.quoted); "
      + "the one before it is taken for the activation, and the other for dropout"
  }

  // MARK: The tensors

  func read(
    _ file: SafetensorsFile, into target: (Parameters<Double>, Parameters<Double>),
    _ entries: LayerEntries
  ) throws {
    let (parameters, statistics) = target
    try parameters.read(entries.weight, from: file, linear.prefix + "weight")
    if let bias = entries.bias {
      try parameters.read(bias, from: file, linear.prefix + "bias", otherwise: 0)
    }
    if let norm = entries.norm, let prefix = normalization?.prefix {
      try parameters.read(norm.weight, from: file, prefix + "weight", otherwise: 1)
      try parameters.read(norm.bias, from: file, prefix + "bias", otherwise: 0)
      try statistics.read(norm.mean, from: file, prefix + "running_mean")
      try statistics.read(norm.variance, from: file, prefix + "running_var")
    }
    if let slope = entries.slope, let prefix = prelu?.prefix {
      try parameters.read(slope, from: file, prefix + "weight")
    }
  }
}

extension Parameters<Double> {
  /// - Parameter value: of all elements where the file has no such tensor; nil where it must.
  /// - Throws: `FileError`, also for an element that is not finite.
  fileprivate func read(
    _ entry: ParameterLayout.Entry, from file: SafetensorsFile, _ name: String,
    otherwise value: Double? = nil
  ) throws(FileError) {
    if let value, !file.contains(name) {
      self[entry].fill(value)
      return
    }
    let elements = try file.doubles(name)
    if let index = elements.firstIndex(where: { !$0.isFinite }) {
      throw file.malformed(.nonFinite(tensor: name, index: index))
    }
    self[entry].assign(elements)
  }
}
