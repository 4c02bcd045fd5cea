import CUnrollVectorKernels

/// Parameter updates over a flat row of weights, in place, as PyTorch defines them; the equations
/// stand with the optimizers in `Optimization`. `decay` is the weight decay.
extension Matrix {
  private var kernels: unroll_kernels { Element.kernelTable.pointer.pointee }

  public func updateSGD(gradient: Matrix, rate: Double, decay: Double) {
    checkFlat(gradient)
    withPointers(to: gradient, self) { kernels.sgd(count, rate, decay, $0, $1) }
  }

  public func updateMomentum(
    gradient: Matrix, velocity: Matrix, rate: Double, decay: Double, momentum: Double
  ) {
    checkFlat(gradient)
    checkFlat(velocity)
    withPointers(to: gradient, self, velocity) {
      kernels.momentum(count, rate, decay, momentum, $0, $1, $2)
    }
  }

  public func updateRMSProp(
    gradient: Matrix, meanSquare: Matrix, rate: Double, decay: Double, alpha: Double,
    epsilon: Double
  ) {
    checkFlat(gradient)
    checkFlat(meanSquare)
    withPointers(to: gradient, self, meanSquare) {
      kernels.rmsprop(count, rate, decay, alpha, epsilon, $0, $1, $2)
    }
  }

  public func updateAdam(
    gradient: Matrix, mean: Matrix, meanSquare: Matrix, rate: Double, decay: Double,
    decoupled: Bool, beta1: Double, beta2: Double, epsilon: Double, step: Int
  ) {
    checkFlat(gradient)
    checkFlat(mean)
    checkFlat(meanSquare)
    precondition(step >= 1, "expected a step from 1, got \(step)")
    withPointers(to: gradient, self, mean, meanSquare) {
      kernels.adam(
        count, rate, decay, decoupled, beta1, beta2, epsilon, UInt64(step), $0, $1, $2, $3)
    }
  }

  private func checkFlat(_ other: Matrix) {
    checkContiguous()
    checkSameSize(other)
    other.checkContiguous()
  }
}
