import CUnrollVectorKernels
import UnrollText

/// Parameter updates over a flat row of weights, in place, as PyTorch defines them. `decay` is the
/// weight decay.
extension Matrix {
  private var kernels: unroll_kernels { Element.kernelTable.pointer.pointee }

  /// Gradient descent, with θ this row:
  ///
  ///     θ ← θ − η (g + decay · θ)
  ///
  /// - Parameters:
  ///   - gradient: g, of the same size.
  ///   - rate: η.
  @_specialize(where Element == Float)
  public func updateSGD(gradient: Matrix, rate: Double, decay: Double) {
    checkFlat(gradient, as: "gradient")
    withPointers(to: gradient, self) { kernels.sgd(count, rate, decay, $0, $1) }
  }

  /// Gradient descent with momentum μ (Polyak 1964), with θ this row:
  ///
  ///     v ← μ v + g + decay · θ
  ///     θ ← θ − η v
  ///
  /// - Parameters:
  ///   - gradient: g, of the same size.
  ///   - velocity: v, updated too.
  ///   - rate: η.
  ///   - momentum: μ.
  @_specialize(where Element == Float)
  public func updateMomentum(
    gradient: Matrix, velocity: Matrix, rate: Double, decay: Double, momentum: Double
  ) {
    checkFlat(gradient, as: "gradient")
    checkFlat(velocity, as: "velocity")
    withPointers(to: gradient, self, velocity) {
      kernels.momentum(count, rate, decay, momentum, $0, $1, $2)
    }
  }

  /// RMSProp (Tieleman & Hinton 2012), with θ this row and g′ = g + decay · θ:
  ///
  ///     s ← α s + (1 − α) g′²
  ///     θ ← θ − η g′/(√s + ε)
  ///
  /// - Parameters:
  ///   - gradient: g, of the same size.
  ///   - meanSquare: s, updated too.
  ///   - rate: η.
  ///   - alpha: α.
  ///   - epsilon: ε.
  @_specialize(where Element == Float)
  public func updateRMSProp(
    gradient: Matrix, meanSquare: Matrix, rate: Double, decay: Double, alpha: Double,
    epsilon: Double
  ) {
    checkFlat(gradient, as: "gradient")
    checkFlat(meanSquare, as: "meanSquare")
    withPointers(to: gradient, self, meanSquare) {
      kernels.rmsprop(count, rate, decay, alpha, epsilon, $0, $1, $2)
    }
  }

  /// Adam (Kingma & Ba 2015), or with `decoupled` AdamW (Loshchilov & Hutter 2019), with θ this row:
  ///
  ///     m ← β₁ m + (1 − β₁) g′
  ///     s ← β₂ s + (1 − β₂) g′²
  ///     θ ← θ − η m̂/(√ŝ + ε),  m̂ = m/(1 − β₁ᵗ),  ŝ = s/(1 − β₂ᵗ)
  ///
  /// Adam takes g′ = g + decay · θ. AdamW takes g′ = g and first scales θ by 1 − η · decay.
  ///
  /// - Parameters:
  ///   - gradient: g, of the same size.
  ///   - mean: m, updated too.
  ///   - meanSquare: s, updated too.
  ///   - rate: η.
  ///   - step: t, from 1.
  @_specialize(where Element == Float)
  public func updateAdam(
    gradient: Matrix, mean: Matrix, meanSquare: Matrix, rate: Double, decay: Double,
    decoupled: Bool, beta1: Double, beta2: Double, epsilon: Double, step: Int
  ) {
    checkFlat(gradient, as: "gradient")
    checkFlat(mean, as: "mean")
    checkFlat(meanSquare, as: "meanSquare")
    require(step >= 1, "expected a step from 1, got \(step)")
    withPointers(to: gradient, self, mean, meanSquare) {
      kernels.adam(
        count, rate, decay, decoupled, beta1, beta2, epsilon, UInt64(step), $0, $1, $2, $3)
    }
  }

  private func checkFlat(
    _ other: Matrix, as name: String, function: StaticString = #function
  ) {
    checkContiguous(function: function)
    checkSameSize(other, as: name, function: function)
    other.checkContiguous(function: function)
  }
}
