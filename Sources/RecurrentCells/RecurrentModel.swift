import UnrollDenseMath
import UnrollOptimization

/// Stacked recurrent layers of one cell and a linear readout: which parameters there are and how
/// they start. The numbers themselves live in ``Parameters``, the computation in ``SequenceWorkspace``.
///
/// Parameters have PyTorch's names and shapes: `weight_ih_l0 [G·H, I]`, `weight_hh_l0 [G·H, H]`,
/// `bias_ih_l0`, `bias_hh_l0 [G·H]`, `head.weight [O, H]`, `head.bias [O]`; a learned initial state
/// adds `initial_hidden_l0 [H]` (and `initial_cell_l0`), a learned slope `slope_l0 [1]`.
public struct RecurrentModel: Sendable {
  /// The cell of every layer.
  public let cell: any Cell
  /// The sizes.
  public let configuration: ModelConfiguration
  /// The name and the shape of every parameter.
  public let layout: ParameterLayout
  let layers: [LayerLayout]

  /// A model of any cell, your own included.
  ///
  /// - Precondition: a cell of your own has a name that ``CellKind/init(_:)`` accepts.
  public init(cell: any Cell, _ configuration: ModelConfiguration) {
    // Traps here rather than after training, when the model is to be saved under the name.
    _ = CellSpecification(cell: cell)
    self.cell = cell
    self.configuration = configuration
    let (hidden, units) = (configuration.hidden, cell.gates * configuration.hidden)
    let extraParameters = cell.extraParameters(hidden: hidden)
    var layout = ParameterLayout()
    var layers: [LayerLayout] = []
    for index in 0..<configuration.layers {
      let width = index == 0 ? configuration.input.width : hidden
      func add(_ name: String, _ shape: Int...) -> ParameterLayout.Entry { add(name, shape) }
      func add(_ name: String, _ shape: [Int]) -> ParameterLayout.Entry {
        shape.count == 2
          ? layout.append("\(name)_l\(index)", shape[0], shape[1])
          : layout.append("\(name)_l\(index)", shape[0])
      }
      layers.append(
        LayerLayout(
          inputWeight: add("weight_ih", units, width),
          recurrentWeight: add("weight_hh", units, hidden),
          inputBias: add("bias_ih", units), recurrentBias: add("bias_hh", units),
          extra: extraParameters.map { add($0.name, $0.shape) },
          extraNames: extraParameters.map(\.name),
          initialHidden: configuration.learnsInitialState ? add("initial_hidden", hidden) : nil,
          initialCell: configuration.learnsInitialState && cell.hasCellState
            ? add("initial_cell", hidden) : nil))
    }
    if configuration.hasReadout {
      layout.append("head.weight", configuration.target.width, hidden)
      layout.append("head.bias", configuration.target.width)
    }
    self.layout = layout
    self.layers = layers
  }

  /// I of layer `index`.
  func inputWidth(of index: Int) -> Int {
    index == 0 ? configuration.input.width : configuration.hidden
  }

  /// Whether layer `index` reads classes rather than numbers.
  func readsClasses(_ index: Int) -> Bool {
    if index == 0, case .classes = configuration.input { true } else { false }
  }

  /// Fresh parameters, the same for the same seed in either element type up to rounding.
  ///
  /// - Parameter forgetBias: what the two forget biases sum to, for cells that have them; nil
  ///   leaves the initializer's.
  public func initialParameters<Element>(
    _ initializer: Initializer, forgetBias: Double? = nil, seed: UInt64,
    as type: Element.Type = Element.self
  ) -> Parameters<Element> {
    let start = Parameters<Double>(layout)
    let hidden = configuration.hidden
    for (index, layer) in layers.enumerated() {
      var random = RandomNumbers(seed: seed, 0x1417, UInt64(index))
      for (entry, role) in [
        (layer.inputWeight, Initializer.Role.input), (layer.recurrentWeight, .recurrent),
      ] {
        initializer.fillBlocks(start[entry], role: role, hidden: hidden, using: &random)
      }
      initializer.fillBias(start[layer.inputBias], hidden: hidden, using: &random)
      initializer.fillBias(start[layer.recurrentBias], hidden: hidden, using: &random)
      if let forgetBias { setForgetBias(forgetBias, of: layer, in: start) }
      for (entry, parameter) in zip(layer.extra, cell.extraParameters(hidden: hidden)) {
        parameter.fill(start[entry], initializer, hidden: hidden, using: &random)
      }
    }
    if configuration.hasReadout {
      var random = RandomNumbers(seed: seed, 0x1417, UInt64(configuration.layers))
      initializer.fill(start["head.weight"], role: .readout, hidden: hidden, using: &random)
      initializer.fillBias(start["head.bias"], hidden: hidden, using: &random)
    }

    let result = Parameters<Element>(layout)
    result.values.assign(rounding: start.values)
    return result
  }

  /// Makes the two forget biases of every layer sum to `bias`, for cells that have them.
  package func setForgetBias(_ bias: Double, in parameters: Parameters<Double>) {
    for layer in layers { setForgetBias(bias, of: layer, in: parameters) }
  }

  private func setForgetBias(
    _ bias: Double, of layer: LayerLayout, in parameters: Parameters<Double>
  ) {
    guard let gate = cell.forgetGate else { return }
    let units = gate * configuration.hidden..<(gate + 1) * configuration.hidden
    parameters[layer.inputBias].columns(units).fill(bias)
    parameters[layer.recurrentBias].columns(units).fill(0)
  }
}

extension RecurrentModel {
  /// The model that `specification` describes.
  public init(_ specification: CellSpecification, _ configuration: ModelConfiguration) {
    self.init(cell: specification.makeCell(), configuration)
  }

  /// Fresh parameters as `specification` says.
  public func initialParameters<Element>(
    _ specification: CellSpecification, seed: UInt64, as type: Element.Type = Element.self
  ) -> Parameters<Element> {
    initialParameters(
      specification.initializer, forgetBias: specification.forgetBias, seed: seed)
  }
}
