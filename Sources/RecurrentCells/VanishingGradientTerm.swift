import UnrollDenseMath

/// The vanishing-gradient regularizer Ω (`Regularizer.omega`, which defines it) over a window: its
/// value and its gradient by W_hh, tile by tile, while the tile's gradients are at hand.
///
/// Rows are divided by ‖∂L/∂h_{t+1}‖ before anything is squared, so that no product leaves the range
/// of numbers: with rows δ̂ = δ/‖∂L/∂h‖ and û = δ̂ W_hh of a tile, r = ‖û‖ and
///
///     ∂Ω/∂W_hh += δ̂ᵀ diag(2 (r − 1)/r) û / B
final class VanishingGradientTerm<Element: Scalar> {
  /// The factor of Ω, with 1/B in it; 0 for none.
  let factor: Double
  /// The sum of factor · (r − 1)² over the steps that backward has passed.
  private(set) var value = 0.0
  /// δ/‖∂L/∂h‖ and û [S·B, H].
  private let directions: Matrix<Element>
  private let images: Matrix<Element>
  private var stateNorms: [Double]
  private var ratios: [Double]

  /// - Parameter tileRows: S·B, the rows of a full tile.
  init(factor: Double, tileRows: Int, hidden: Int) {
    self.factor = factor
    directions = Matrix(rows: tileRows, columns: hidden)
    images = Matrix(rows: tileRows, columns: hidden)
    stateNorms = Array(repeating: 0, count: tileRows)
    ratios = stateNorms
  }

  func reset() { value = 0 }

  /// Adds a tile of `rows` rows to the value, and its gradient to `weightGradient` [H, H].
  ///
  /// - Parameters:
  ///   - stateGradient: ∂L/∂h_{t+1} in the buffer of a full tile; rows after the tile's are unused.
  ///   - gateGradient: δ_{t+1} [rows, H].
  ///   - recurrentWeight: W_hh packed for δ W_hh.
  func add(
    rows: Int, stateGradient: Matrix<Element>, gateGradient: Matrix<Element>,
    recurrentWeight: PackedMatrix<Element>, to weightGradient: Matrix<Element>
  ) {
    stateGradient.rowNorms(into: &stateNorms)
    for row in 0..<rows {
      let direction = directions.rows(row..<row + 1)
      let inverse = Element(1 / stateNorms[row])
      if Element(stateNorms[row]).isNormal, inverse.isNormal {
        direction.assign(gateGradient.rows(row..<row + 1))
        direction.scale(by: inverse)
      } else {
        direction.fill(0)
        stateNorms[row] = 0
      }
    }
    let directions = self.directions.rows(0..<rows)
    let images = self.images.rows(0..<rows)
    images.formProduct(directions, recurrentWeight)
    self.images.rowNorms(into: &ratios)
    for row in 0..<rows {
      let ratio = ratios[row]
      guard stateNorms[row] > 0 else { continue }
      value += factor * (ratio - 1) * (ratio - 1)
      let image = images.rows(row..<row + 1)
      let inverse = Element(1 / ratio)
      image.scale(by: Element(ratio).isNormal && inverse.isNormal ? inverse : 0)
      image.scale(by: Element(2 * factor * (ratio - 1)))
    }
    weightGradient.formProduct(directions, images, transposing: .left, adding: true)
  }
}
