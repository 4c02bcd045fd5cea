import UnrollDenseMath

/// Consecutive time steps of one layer, with the parameters that its cell uses.
public struct CellRun<Element: Scalar> {
  /// The matrices of all steps: gates [T·B, P·H], h and c [(T+1)·B, H], and W_hh packed for the fused
  /// kernels.
  public let steps: RecurrentSteps<Element>
  /// W_hh [G·H, H].
  public let recurrentWeight: Matrix<Element>
  /// The cell's extra parameters.
  public let extraParameters: CellParameters<Element>

  /// T.
  public var count: Int { steps.count }

  /// Step `index` of the run, from 0: views of the run's own memory.
  public func step(_ index: Int) -> CellStep<Element> { CellStep(run: self, index: index) }
}

/// The gradients of consecutive time steps.
public struct CellRunGradient<Element: Scalar> {
  /// The gradients of all steps: ∂ℓ/∂h [(T+1)·B, H], ∂ℓ/∂c, and ∂ℓ by the gates' pre-activations
  /// [T·B, P·H].
  public let steps: RecurrentStepGradients<Element>
  /// The gradients of the cell's extra parameters, which backward adds to.
  public let extraParameters: CellParameters<Element>
  /// [B, H]: memory for intermediate values of one backward step.
  public let scratch: Matrix<Element>
  /// Clips the pre-activations' gradients at every step; nil where training does not.
  var clipper: PreactivationClipper<Element>?

  /// Step `index` of the run, from 0: views of the run's own memory.
  public func step(_ index: Int) -> CellGradient<Element> {
    CellGradient(run: self, index: index)
  }
}
