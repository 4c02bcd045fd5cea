import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// A model's parameters, packed for the products of a window. They are packed once after every change
/// of the parameters, and shared by all windows of the model.
public final class PackedParameters<Element: Scalar> {
  /// The model whose parameters these are.
  public let model: RecurrentModel
  /// The parameters themselves, which training changes.
  public let parameters: Parameters<Element>
  let layers: [PackedLayer<Element>]

  /// Packs `parameters`, which are kept, not copied.
  public init(_ model: RecurrentModel, _ parameters: Parameters<Element>) {
    self.model = model
    self.parameters = parameters
    layers = model.layers.indices.map { PackedLayer(model: model, layer: $0) }
    refresh()
  }

  /// Packs the parameters again after a change.
  ///
  /// - Parameters:
  ///   - part, parts: do this part of the work only, so that several threads can share it.
  @_specialize(where Element == Float)
  public func refresh(part: Int = 0, of parts: Int = 1) {
    for layer in layers { layer.refresh(parameters, part: part, of: parts) }
  }
}

/// One layer's weights, packed.
final class PackedLayer<Element: Scalar> {
  /// The sum of the biases, as the gates' buffer has it before the products of a step [1, P·H].
  let bias: Matrix<Element>
  /// For h W_hhᵀ and for δ W_hh.
  let recurrentForward: PackedMatrix<Element>
  let recurrentBackward: PackedMatrix<Element>
  /// None for class inputs, which read rows of `embedding`.
  let inputParts: [PackedInputWeight<Element>]
  /// W_ihᵀ over the gates' buffer's columns [I, P·H].
  let embedding: Matrix<Element>?
  private let layout: LayerLayout
  private let split: InputSplit

  init(model: RecurrentModel, layer: Int) {
    let hidden = model.configuration.hidden
    let units = model.cell.gates * hidden
    layout = model.layers[layer]
    split = InputSplit(model.cell, hidden: hidden)
    bias = Matrix(rows: 1, columns: model.cell.blocks * hidden)
    recurrentForward = PackedMatrix(rows: hidden, columns: units)
    recurrentBackward = PackedMatrix(rows: units, columns: hidden)
    let width = model.inputWidth(of: layer)
    if model.readsClasses(layer) {
      inputParts = []
      embedding = Matrix(rows: width, columns: bias.columns)
    } else {
      inputParts = split.parts.map {
        PackedInputWeight(
          gateRows: $0.rows, columns: $0.columns, width, hasBackward: layer > 0)
      }
      embedding = nil
    }
  }

  func refresh(_ parameters: Parameters<Element>, part: Int, of parts: Int) {
    let recurrent = parameters[layout.recurrentWeight]
    recurrentForward.assign(recurrent, transposed: true, part: part, of: parts)
    recurrentBackward.assign(recurrent, part: part, of: parts)
    let input = parameters[layout.inputWeight]
    for place in inputParts {
      let rows = input.rows(place.gateRows)
      place.forward.assign(rows, transposed: true, part: part, of: parts)
      place.backward?.assign(rows, part: part, of: parts)
    }
    guard part == 0 else { return }
    bias.fill(0)
    bias.columns(0..<recurrentForward.columns).addElements(of: parameters[layout.recurrentBias])
    for place in split.parts {
      bias.columns(place.columns)
        .addElements(of: parameters[layout.inputBias].columns(place.rows))
      embedding?.columns(place.columns).formTranspose(of: input.rows(place.rows))
    }
  }

  /// Sets the gates' buffer [T·B, P·H] of a tile to input product and biases.
  func formInputProduct(of input: LayerInput<Element>, into gates: Matrix<Element>) {
    switch input {
    case .values(let values):
      for part in inputParts {
        gates.columns(part.columns)
          .formProduct(values, part.forward, plusRow: bias.columns(part.columns))
      }
      if inputParts.count > 1 {
        let columns = inputParts[0].columns.upperBound..<inputParts[1].columns.lowerBound
        gates.columns(columns).fillRows(bias.columns(columns))
      }
    case .classes(let classes):
      guard let embedding else { requirementFailed("expected number inputs, got classes") }
      gates.fillRows(bias)
      gates.addRows(of: embedding, at: classes)
    }
  }

  /// Sets `target` to ∂ℓ/∂x [T·B, I] of a tile with number inputs.
  func formInputGradient(
    _ gateGradients: Matrix<Element>, _ parameters: Parameters<Element>,
    into target: Matrix<Element>
  ) {
    for part in inputParts {
      let deltas = gateGradients.columns(part.columns)
      let isNext = part.columns.lowerBound > 0
      if let panels = part.backward {
        target.formProduct(deltas, panels, adding: isNext)
      } else {
        let weight = parameters[layout.inputWeight].rows(part.gateRows)
        target.formProduct(deltas, weight, adding: isNext)
      }
    }
  }
}

/// Rows of W_ih whose input product goes to neighboring columns of the gates' buffer. A class, since
/// going through an array of generic structures allocates.
final class PackedInputWeight<Element: Scalar> {
  let gateRows: Range<Int>
  let columns: Range<Int>
  /// For x W_ihᵀ and for δ W_ih; the latter nil in the first layer, whose ∂ℓ/∂x training never
  /// asks for.
  let forward: PackedMatrix<Element>
  let backward: PackedMatrix<Element>?

  init(gateRows: Range<Int>, columns: Range<Int>, _ width: Int, hasBackward: Bool) {
    self.gateRows = gateRows
    self.columns = columns
    forward = PackedMatrix(rows: width, columns: gateRows.count)
    backward = hasBackward ? PackedMatrix(rows: gateRows.count, columns: width) : nil
  }
}

/// The input of a layer over some steps.
enum LayerInput<Element: Scalar> {
  /// [T·B, I].
  case values(Matrix<Element>)
  /// [T·B].
  case classes(ArraySlice<Int32>)
}
