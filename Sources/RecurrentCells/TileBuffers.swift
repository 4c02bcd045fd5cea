import UnrollDenseMath
import UnrollText

/// What backward needs for one tile of time, shared by all layers: a tile is so many steps that
/// what its recurrent steps write is still in the worker's own cache when the weight gradients read
/// it.
final class TileBuffers<Element: Scalar> {
  /// Steps of a full tile.
  let steps: Int
  /// ∂ℓ/∂h [(S+1)·B, H]; block 0 by the state before the tile.
  let hiddenGradient: Matrix<Element>
  /// ∂ℓ/∂c [S·B, H], for observers; otherwise its first block takes one step after the other.
  let cellGradient: Matrix<Element>
  /// ∂ℓ by the pre-activations [S·B, P·H].
  let gateGradients: Matrix<Element>
  /// h_{t−1} laid out for ∂L/∂W_hh.
  let packedHidden: PackedMatrix<Element>
  /// Ω, where it is part of the loss.
  let vanishingGradientTerm: VanishingGradientTerm<Element>?

  /// - Parameter omega: what Ω's sum over steps and rows is multiplied by, 0 for none.
  init(model: RecurrentModel, capacity: Int, rows: Int, omega: Double) {
    let hidden = model.configuration.hidden
    steps = Self.steps(model, capacity: capacity, rows: rows)
    hiddenGradient = Matrix(rows: (steps + 1) * rows, columns: hidden)
    cellGradient = Matrix(rows: model.cell.hasCellState ? steps * rows : 0, columns: hidden)
    gateGradients = Matrix(rows: steps * rows, paddedColumns: model.cell.blocks * hidden)
    packedHidden = PackedMatrix(rows: steps * rows, columns: hidden)
    require(
      omega == 0 || model.cell is RNNCell, "expected the rnn cell for Ω, got \(model.cell.name)")
    vanishingGradientTerm =
      omega == 0
      ? nil : VanishingGradientTerm(factor: omega, tileRows: steps * rows, hidden: hidden)
  }

  /// So many that the gates' gradients fill about half of a second-level cache of 1 MB in Float32;
  /// but enough rows for the weight gradients, and no more than where nothing is gained. Between 128
  /// and 1,024 rows the time of a step was seen to change by a few percent.
  private static func steps(_ model: RecurrentModel, capacity: Int, rows: Int) -> Int {
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
