import DenseMath

/// The vanishing-gradient regulariser of Pascanu, Mikolov & Bengio 2013 (*On the difficulty of
/// training recurrent neural networks*, equation 9), for the `rnn` cell: it asks that the gradient
/// keep its length from step to step. Over the T steps of a window, the first of which leads from
/// the state before the window, and the B rows of the batch, for L the window's loss,
///
///     Ω = 1/B Σ_b Σ_t (r_{t,b} − 1)²
///     r_t = ‖∂L/∂h_{t+1} · ∂h_{t+1}/∂h_t‖ / ‖∂L/∂h_{t+1}‖ = ‖W_hhᵀ δ_{t+1}‖ / ‖∂L/∂h_{t+1}‖
///     δ_{t+1} = ∂L/∂h_{t+1} ⊙ f′(a_{t+1})
///
/// where ∂L/∂h_{t+1} is the total derivative, through the loss at that step, the layer above and
/// all later steps. In stacked layers each has its own Σ, with its own states and W_hh, and Ω is
/// their sum.
///
/// **Held constant.** Ω is differentiated by W_hh where it stands written in r_t, and by nothing
/// else: the states, with them f′(a_{t+1}), and ∂L/∂h_{t+1} count as constants (the paper's
/// immediate derivative). With û_t = W_hhᵀ δ_{t+1} / ‖∂L/∂h_{t+1}‖, whose length is r_t,
///
///     ∂Ω/∂W_hh = 1/B Σ_b Σ_t 2 (r_t − 1)/r_t · δ_{t+1} û_tᵀ / ‖∂L/∂h_{t+1}‖
///
/// No size of the loss or of its gradient matters to Ω or to this, so neither does the mean that is
/// taken of the loss.
///
/// **Left out.** A step and row at which ‖∂L/∂h_{t+1}‖, or one divided by it, is no normal number of
/// the scalar type (zero, subnormal, not finite) adds nothing: there is no direction to keep. At
/// r_t = 0 the length has no derivative; the term (0 − 1)² counts and adds nothing to the gradient.
///
/// The paper's formula has no mean over rows, having one sequence. Its code
/// (github.com/pascanur/trainingRNNs) squares both norms in r_t, leaves out ‖∂L/∂h_{t+1}‖² < 1e-20,
/// and divides the sum over steps by the number of steps counted, so that near r = 1, where
/// (r² − 1)² ≈ 4 (r − 1)², its α does what 4α/T does here.
final class VanishingGradientTerm<Element: Scalar> {
  /// What Ω is multiplied by, 1/B included; 0 for none.
  let factor: Double
  /// Σ over the steps gone back so far of factor · (r − 1)².
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
  ///   - stateGradient: ∂L/∂h_{t+1} in the buffer of a full tile; rows behind the tile's are unused.
  ///   - gateGradient: δ_{t+1} [rows, H].
  ///   - recurrentWeight: W_hh laid out for δ W_hh.
  func add(
    rows: Int, stateGradient: Matrix<Element>, gateGradient: Matrix<Element>,
    recurrentWeight: Panels<Element>, to weightGradient: Matrix<Element>
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
      let scale = Element(2 * factor * (ratio - 1) / ratio)
      images.rows(row..<row + 1).scale(by: scale.isFinite ? scale : 0)
    }
    weightGradient.formProduct(directions, images, transposing: .left, adding: true)
  }
}
