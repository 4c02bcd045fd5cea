import CUnrollVectorKernels
import UnrollText

/// The pointwise part of a GRU step, fused.
///
/// Blocks lie side by side as r, z, q, n, each H wide: q is the candidate's recurrent product with
/// its bias, n starts as what the input adds to it.
public enum GRUPointwise {
  /// r, z = σ of `gates` [B, 4H], n = tanh(n + r ⊙ q), in place; h = (1 − z) ⊙ n + z ⊙ h′, with
  /// h′ = `previousHidden`.
  @_specialize(where Element == Float)
  public static func forward<Element>(
    gates: Matrix<Element>, previousHidden: Matrix<Element>, hidden: Matrix<Element>
  ) {
    checkSizes(gates, previousHidden, hidden)
    withPointers(to: gates, previousHidden, hidden) { gatesStart, previousStart, hiddenStart in
      Element.kernelTable.pointer.pointee.gru_forward(
        hidden.rows, hidden.columns, gatesStart, gates.stride, previousStart,
        previousHidden.stride, hiddenStart, hidden.stride)
    }
  }

  /// Backward of ``forward(gates:previousHidden:hidden:)``.
  ///
  /// - Parameters:
  ///   - hiddenGradient: ∂ℓ/∂h_t.
  ///   - previousHiddenGradient: z ⊙ ∂ℓ/∂h_t is added, the part of ∂ℓ/∂h_{t−1} that does not come
  ///     through the recurrent product.
  ///   - gateGradients: out, ∂ℓ by r's and z's pre-activations, by q, and by n's pre-activation.
  @_specialize(where Element == Float)
  public static func backward<Element>(
    gates: Matrix<Element>, previousHidden: Matrix<Element>, hiddenGradient: Matrix<Element>,
    previousHiddenGradient: Matrix<Element>, gateGradients: Matrix<Element>
  ) {
    checkSizes(gates, previousHidden, hiddenGradient)
    checkSizes(gateGradients, previousHiddenGradient, hiddenGradient)
    withPointers(to: gates, previousHidden) { gatesStart, previousStart in
      withPointers(to: hiddenGradient, previousHiddenGradient, gateGradients) {
        dHidden, dPrevious, dGates in
        Element.kernelTable.pointer.pointee.gru_backward(
          hiddenGradient.rows, hiddenGradient.columns, gatesStart, gates.stride, previousStart,
          previousHidden.stride, dHidden, hiddenGradient.stride, dPrevious,
          previousHiddenGradient.stride, dGates, gateGradients.stride)
      }
    }
  }

  private static func checkSizes<Element>(
    _ gates: Matrix<Element>, _ a: Matrix<Element>, _ hidden: Matrix<Element>,
    function: StaticString = #function
  ) {
    require(
      gates.rows == hidden.rows && gates.columns == 4 * hidden.columns,
      "expected gates \(hidden.rows) × \(4 * hidden.columns), got \(gates.rows) × \(gates.columns)",
      function: function)
    hidden.checkSameSize(a, function: function)
  }
}
