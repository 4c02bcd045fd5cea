/// What each time step adds to a weight matrix's gradient.
///
/// A weight is used at every step, so its gradient is a sum over steps: ∂L/∂W = Σ_t δ_tᵀ x_t, with
/// δ_t [B, G·H] the gradient by the gates' pre-activations and x_t [B, n] what W multiplies (h_{t−1}
/// for W_hh, the input for W_ih). A contribution is the Frobenius norm of one such summand, for the
/// loss L that an update differentiates: the mean over the batch's rows with a target. The mean
/// over rows is inside the norm, so the summands add up to the gradient itself and do not grow with
/// the batch. For a batch with a gradient of its own (`Batch.stateGradients`), L is the loss whose
/// gradient that is, and no mean is taken.
public struct ContributionCurve: Sendable {
  /// A weight matrix of a layer, by the name that PyTorch gives it.
  public enum Weight: String, Sendable, CaseIterable, CustomStringConvertible {
    /// W_hh [G·H, H].
    case recurrent = "weight_hh"
    /// W_ih [G·H, I].
    case input = "weight_ih"

    /// As in tables and files: `weight_hh` or `weight_ih`.
    public var description: String { rawValue }
  }

  /// The layer, from 0 next to the input.
  public let layer: Int
  /// The matrix whose gradient this is a part of.
  public let weight: Weight
  /// `norms[k]` is ‖∂L/∂W at step T−k‖_F, T the batch's last supervised step.
  public let norms: [Double]
  /// At how many steps the gradient enters.
  public let entry: GradientEntry

  /// A curve of norms measured elsewhere.
  public init(layer: Int, weight: Weight, norms: [Double], entry: GradientEntry = .once) {
    self.layer = layer
    self.weight = weight
    self.norms = norms
    self.entry = entry
  }

  /// How the contributions fall or grow with the lag.
  public var fit: DecayFit {
    DecayFit(DecayCurve(layer: layer, path: .state, norms: norms.map { [$0] }, entry: entry))
  }
}
