import UnrollDenseMath
import UnrollText

/// What backward needs for one tile of time steps, shared by all layers. A tile holds as many steps as
/// keep the gate gradients in the worker's own cache until the weight gradients are formed from them.
final class TileBuffers<Element: Scalar> {
  /// Steps of a full tile.
  let steps: Int
  /// ∂ℓ/∂h [(S+1)·B, H]; block 0 belongs to the state before the tile.
  let hiddenGradient: Matrix<Element>
  /// ∂ℓ/∂c [S·B, H], for observers; without one, every step uses the first block.
  let cellGradient: Matrix<Element>
  /// ∂ℓ by the pre-activations [S·B, P·H].
  let gateGradients: Matrix<Element>
  /// What W_hh multiplies, packed for ∂L/∂W_hh: h_{t−1}, but for a cell that says otherwise.
  let packedHidden: PackedMatrix<Element>
  /// [B, H]: for intermediate values of one step.
  let scratch: Matrix<Element>
  /// Ω, where it is part of the loss.
  let vanishingGradientTerm: VanishingGradientTerm<Element>?

  /// - Parameter omega: the factor of Ω's sum over steps and rows; 0 leaves Ω out.
  init(model: RecurrentModel, capacity: Int, rows: Int, omega: Double) {
    let hidden = model.configuration.hidden
    steps = Self.steps(model, capacity: capacity, rows: rows)
    hiddenGradient = Matrix(rows: (steps + 1) * rows, columns: hidden)
    cellGradient = Matrix(rows: model.cell.hasCellState ? steps * rows : 0, columns: hidden)
    gateGradients = Matrix(rows: steps * rows, paddedColumns: model.cell.blocks * hidden)
    packedHidden = PackedMatrix(rows: steps * rows, columns: hidden)
    scratch = Matrix(rows: rows, columns: hidden)
    require(
      omega == 0 || model.cell is RNNCell,
      "expected the cell rnn for the regularizer omega, got \(model.cell.name)")
    vanishingGradientTerm =
      omega == 0
      ? nil : VanishingGradientTerm(factor: omega, tileRows: steps * rows, hidden: hidden)
  }

  /// As many steps as let the gates' gradients fill about half of a second-level cache of 1 MB in
  /// Float32, within limits: at least 256 rows, which the weight gradients need, and at most 1,024,
  /// above which nothing is gained. Between 128 and 1,024 rows the time of a step was seen to change
  /// by a few percent.
  static func steps(_ model: RecurrentModel, capacity: Int, rows: Int) -> Int {
    let width = model.cell.blocks * model.configuration.hidden
    let tileRows = min(max((1 << 17) / width, 256), 1024)
    return min(capacity, max(1, tileRows / rows))
  }

  /// ∂ℓ/∂h after each step of a full tile [S·B, H].
  var stateGradients: Matrix<Element> {
    hiddenGradient.rows(hiddenGradient.rows - gateGradients.rows..<hiddenGradient.rows)
  }

  /// How many tiles a window of `count` steps has.
  func tiles(of count: Int) -> Int { (count + steps - 1) / steps }
}
