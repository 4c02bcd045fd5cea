import UnrollDenseMath

/// Watches a backward pass step by step, from the last step to the first: tile of steps by tile, and
/// within a tile the top layer through all of its steps before the next layer.
public protocol BackwardObserver<Element>: AnyObject {
  /// The type of the gradients' elements.
  associatedtype Element: Scalar
  /// Called after each step of each layer.
  func observe(_ step: BackwardStep<Element>)
}

/// What a backward step has just computed. The matrices belong to the pass, which overwrites them:
/// read them when called.
public struct BackwardStep<Element: Scalar> {
  /// The layer, from 0 at the input.
  public let layer: Int
  /// The step's place in the window, from 0.
  public let step: Int
  /// ∂ℓ/∂h_t [B, H], c_t held fixed.
  public let hiddenGradient: Matrix<Element>
  /// ∂ℓ/∂c_t [B, H], through h_t and c_{t+1}; nil without cell state.
  public let cellGradient: Matrix<Element>?
  /// The gates as forward left them [B, P·H], in the blocks of the ``Cell``.
  public let gates: Matrix<Element>
  /// ∂ℓ by the gates' pre-activations [B, P·H].
  public let gateGradients: Matrix<Element>
}
