import CUnrollVectorKernels

extension Matrix {
  private var kernels: unroll_kernels { Element.kernelTable.pointer.pointee }

  /// self = f(preActivations). `slope` is prelu's learned slope, otherwise unused.
  @_specialize(where Element == Float)
  public func apply(_ activation: Activation, slope: Double = 0, to preActivations: Matrix) {
    checkSameSize(preActivations)
    let (kind, constant) = activation.kernel(slope: slope)
    withPointers(to: preActivations, self) { source, target in
      kernels.activation_forward(
        kind, constant, rows, columns, source, preActivations.stride, target, stride)
    }
  }

  /// self = ``Activation/rrelu`` of `preActivations` as in training: each element's slope is the next
  /// number of `random`. ``applyDerivative(of:slope:preActivations:outputs:gradient:)`` sees the slopes
  /// in the outputs.
  public func applyDrawingSlopes(
    to preActivations: Matrix, using random: inout RandomNumbers
  ) {
    checkSameSize(preActivations)
    fillUniformly(using: &random)
    let slopes = Activation.rreluSlopes
    withPointers(to: preActivations, self) { source, target in
      kernels.random_leaky_forward(
        slopes.lower, slopes.upper, rows, columns, source, preActivations.stride, target, stride)
    }
  }

  /// self = gradient ⊙ f′(preActivations), where `outputs` = f(preActivations).
  public func applyDerivative(
    of activation: Activation, slope: Double = 0, preActivations: Matrix, outputs: Matrix,
    gradient: Matrix
  ) {
    checkSameSize(preActivations, as: "preActivations")
    checkSameSize(outputs, as: "outputs")
    checkSameSize(gradient, as: "gradient")
    let (kind, constant) = activation.kernel(slope: slope)
    withPointers(to: preActivations, outputs, gradient, self) { inputs, values, upstream, target in
      kernels.activation_backward(
        kind, constant, rows, columns, inputs, preActivations.stride, values, outputs.stride,
        upstream, gradient.stride, target, stride)
    }
  }

  /// Σ gradient · min(self, 0) over pre-activations `self`: the derivative by prelu's slope.
  public func slopeGradient(_ gradient: Matrix) -> Double {
    checkSameSize(gradient)
    return withPointers(to: self, gradient) { inputs, upstream in
      kernels.slope_gradient(rows, columns, inputs, stride, upstream, gradient.stride)
    }
  }

  /// self = exp(source), element by element; both contiguous.
  @_specialize(where Element == Float)
  package func formExponential(_ source: Matrix) {
    checkSameSize(source)
    checkContiguous()
    source.checkContiguous()
    withPointers(to: source, self) { kernels.exp(count, $0, $1) }
  }
}
