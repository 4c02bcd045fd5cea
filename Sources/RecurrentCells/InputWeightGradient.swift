import UnrollDenseMath

/// Sums ∂L/∂W_ih of one layer over the tiles of a window.
///
/// For few inputs and for classes, the transpose [I, P·H] is summed: few inputs would leave most of a
/// vector register empty, and a class adds to one row of the transpose.
final class InputWeightGradient<Element: Scalar> {
  private static var fewInputs: Int { 16 }

  private let split: InputSplit
  private let transposed: Matrix<Element>?
  /// [G·H, I]: the sum transposed back.
  private let turned: Matrix<Element>?
  private let packedInput: PackedMatrix<Element>?

  init(model: RecurrentModel, layer: Int, tileRows: Int) {
    let (width, hidden) = (model.inputWidth(of: layer), model.configuration.hidden)
    split = InputSplit(model.cell, hidden: hidden)
    if model.readsClasses(layer) || width <= Self.fewInputs {
      transposed = Matrix(rows: width, columns: model.cell.blocks * hidden)
      turned = Matrix(rows: model.cell.gates * hidden, columns: width)
      packedInput = nil
    } else {
      transposed = nil
      turned = nil
      packedInput = PackedMatrix(rows: tileRows, columns: width)
    }
  }

  /// Begins a window.
  func reset() { transposed?.fill(0) }

  /// Adds a tile's share: to the transpose where that is summed, otherwise to `gradient` [G·H, I].
  func add(
    _ gateGradients: Matrix<Element>, _ input: LayerInput<Element>, to gradient: Matrix<Element>
  ) {
    switch input {
    case .classes(let classes):
      transposed?.scatterAddRows(gateGradients, at: classes)
    case .values(let values):
      if let transposed {
        transposed.formSkinnyProduct(values, gateGradients, transposing: .left, adding: true)
      } else if let packedInput {
        packedInput.assign(values)
        for part in split.parts {
          gradient.rows(part.rows).formProduct(
            gateGradients.columns(part.columns), packedInput, transposing: .left, adding: true)
        }
      }
    }
  }

  /// Ends a window: adds the transpose to `gradient`.
  func finish(into gradient: Matrix<Element>) {
    guard let transposed, let turned else { return }
    for part in split.parts {
      turned.rows(part.rows).formTranspose(of: transposed.columns(part.columns))
    }
    gradient.add(turned)
  }
}
