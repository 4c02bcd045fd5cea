import UnrollDenseMath

/// Clipping on the way back through time, `state:τ` (Graves 2013, *Generating sequences with
/// recurrent neural networks*, who clips "the derivative of the loss with respect to the network
/// inputs to the LSTM layers (before the sigmoid and tanh functions are applied)").
///
/// At each step, from the last to the first, every element of ∂ℓ/∂a_t is clamped to ±τ, where a_t are
/// the pre-activations of that step: of the `rnn`'s activation, the LSTM's four gates, the GRU's r, z
/// and n. The clamped value is what goes on from there: to the state before, to the layer below, to
/// W_ih, W_hh and the biases (and, in the GRU, through r ⊙ q). ℓ is the loss that is trained, a mean
/// over batch and supervised steps. What reaches the state beside the pre-activations (the LSTM's c,
/// the GRU's z ⊙ ∂ℓ/∂h_t) is not clamped, nor are the readout's gradients. The regularizer Ω takes
/// the gradients as they went back, clamped.
public final class PreactivationClipper<Element: Scalar> {
  private let limit: Double
  /// Whether an element was clamped since the last ``reset()``.
  public private(set) var didClip = false
  /// [B, H], for cells whose pre-activations depend on each other.
  private let scratch: Matrix<Element>

  /// - Parameters:
  ///   - limit: τ.
  ///   - rows: B.
  public init(limit: Double, rows: Int, hidden: Int) {
    self.limit = limit
    scratch = Matrix(rows: rows, columns: hidden)
  }

  /// Forgets whether an element was changed.
  public func reset() { didClip = false }

  /// Clamps a step's gradients by pre-activations that do not depend on each other, or some of them.
  func apply(to gradients: Matrix<Element>) {
    if gradients.clamp(to: limit) { didClip = true }
  }

  /// Clamps a GRU step's: with q the candidate's recurrent product, δ_q = δ_n ⊙ r and
  /// δ_r = δ_n ⊙ q ⊙ r (1 − r) follow from the clamped δ_n.
  ///
  /// - Parameters:
  ///   - gates: blocks r, z, q, n [B, 4H].
  ///   - gradients: theirs, unclamped.
  func applyGRU(gates: Matrix<Element>, to gradients: Matrix<Element>) {
    let hidden = gates.columns / 4
    func block(_ matrix: Matrix<Element>, _ index: Int) -> Matrix<Element> {
      matrix.columns(index * hidden..<(index + 1) * hidden)
    }
    let (resetGate, product) = (block(gates, 0), block(gates, 2))
    let (byReset, byProduct) = (block(gradients, 0), block(gradients, 2))
    let byCandidate = block(gradients, 3)
    if byCandidate.clamp(to: limit) {
      didClip = true
      byProduct.assign(byCandidate)
      byProduct.multiplyElements(by: resetGate)
      byReset.assign(byProduct)
      byReset.multiplyElements(by: product)
      scratch.assign(byReset)
      scratch.multiplyElements(by: resetGate)
      scratch.scale(by: -1)
      byReset.addElements(of: scratch)
    }
    apply(to: gradients.columns(0..<2 * hidden))
  }
}
