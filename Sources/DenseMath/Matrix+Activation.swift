import CUnrollVectorKernels

extension Matrix {
  private var kernels: unroll_kernels { Element.kernelTable.pointer.pointee }

  /// self = f(preActivations). `slope` is prelu's learned slope, otherwise unused.
  public func apply(_ activation: Activation, slope: Double = 0, to preActivations: Matrix) {
    checkSameSize(preActivations)
    let (kind, constant) = activation.kernel(slope: slope)
    kernels.activation_forward(
      kind, constant, rows, columns, preActivations.pointer, preActivations.stride, pointer, stride)
  }

  /// self = gradient ⊙ f′(preActivations), where `outputs` = f(preActivations).
  public func applyDerivative(
    of activation: Activation, slope: Double = 0, preActivations: Matrix, outputs: Matrix,
    gradient: Matrix
  ) {
    checkSameSize(preActivations)
    checkSameSize(outputs)
    checkSameSize(gradient)
    let (kind, constant) = activation.kernel(slope: slope)
    kernels.activation_backward(
      kind, constant, rows, columns, preActivations.pointer, preActivations.stride,
      outputs.pointer, outputs.stride, gradient.pointer, gradient.stride, pointer, stride)
  }

  /// Σ gradient · min(self, 0) over pre-activations `self`: the derivative by prelu's slope.
  public func slopeGradient(_ gradient: Matrix) -> Double {
    checkSameSize(gradient)
    return kernels.slope_gradient(
      rows, columns, pointer, stride, gradient.pointer, gradient.stride)
  }

  /// self = exp(source), element by element; both contiguous.
  public func formExponential(_ source: Matrix) {
    checkSameSize(source)
    checkContiguous()
    source.checkContiguous()
    kernels.exp(count, source.pointer, pointer)
  }
}
