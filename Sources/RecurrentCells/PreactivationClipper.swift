import UnrollDenseMath

/// Clipping in the backward pass, `state:τ` (Graves 2013, *Generating sequences with recurrent neural
/// networks*, who clips "the derivative of the loss with respect to the network inputs to the LSTM
/// layers (before the sigmoid and tanh functions are applied)").
///
/// At each step, from the last to the first, every element of ∂ℓ/∂a_t is clamped to ±τ, where a_t are
/// the pre-activations of that step: those of the `rnn`'s activation, of the LSTM's four gates, of the
/// GRU's r, z and n. All further gradients are formed from the clamped value: by the previous state,
/// by the layer below, by W_ih, W_hh and the biases (and, in the GRU, by what leads to n). ℓ is the
/// training loss, a mean over batch and supervised steps. Gradients that reach the state without
/// passing a pre-activation (through the LSTM's c, or the GRU's z ⊙ ∂ℓ/∂h_t) are not clamped, and
/// neither are the readout's. The regularizer Ω takes the clamped gradients.
///
/// A cell says where its clipping happens, by ``CellGradient/clipPreactivations()``.
public final class PreactivationClipper<Element: Scalar> {
  private let limit: Double
  /// Whether an element was changed since the last ``reset()``.
  public private(set) var didClip = false

  /// - Parameter limit: τ.
  public init(limit: Double) { self.limit = limit }

  /// Sets ``didClip`` to false.
  public func reset() { didClip = false }

  /// Clamps a step's gradients; true where an element was changed.
  func clip(_ gradients: Matrix<Element>) -> Bool {
    let isChanged = gradients.clamp(to: limit)
    if isChanged { didClip = true }
    return isChanged
  }
}
