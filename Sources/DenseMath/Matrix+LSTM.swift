import CUnrollVectorKernels
import UnrollText

/// The pointwise part of an LSTM step, fused: one pass over the gates' pre-activations.
///
/// Rows are rows of the batch; gates lie side by side as i, f, g, o, each H wide.
public enum LSTMPointwise {
  /// i, f, o = σ, g = tanh of `gates` [B, 4H], in place; c = f ⊙ c′ + i ⊙ g; h = o ⊙ tanh c,
  /// with c′ = `previousCell`.
  @_specialize(where Element == Float)
  public static func forward<Element>(
    gates: Matrix<Element>, previousCell: Matrix<Element>, cell: Matrix<Element>,
    hidden: Matrix<Element>
  ) {
    checkSizes(gates, previousCell, cell, hidden)
    withPointers(to: gates, previousCell, cell, hidden) {
      gatesStart, previousStart, cellStart, hiddenStart in
      Element.kernelTable.pointer.pointee.lstm_forward(
        hidden.rows, hidden.columns, gatesStart, gates.stride, previousStart, previousCell.stride,
        cellStart, cell.stride, hiddenStart, hidden.stride)
    }
  }

  /// Backward of ``forward(gates:previousCell:cell:hidden:)``.
  ///
  /// - Parameters:
  ///   - hiddenGradient: ∂ℓ/∂h_t.
  ///   - cellCarry: in, the part of ∂ℓ/∂c_t that comes through c_{t+1}; out, f ⊙ ∂ℓ/∂c_t, the part
  ///     of ∂ℓ/∂c_{t−1} that comes through c_t.
  ///   - cellGradient: out, ∂ℓ/∂c_t in full: carry + ∂ℓ/∂h_t ⊙ o ⊙ (1 − tanh² c).
  ///   - gateGradients: out, ∂ℓ by the pre-activations of i, f, g, o.
  @_specialize(where Element == Float)
  public static func backward<Element>(
    gates: Matrix<Element>, previousCell: Matrix<Element>, cell: Matrix<Element>,
    hiddenGradient: Matrix<Element>, cellCarry: Matrix<Element>, cellGradient: Matrix<Element>,
    gateGradients: Matrix<Element>
  ) {
    checkSizes(gates, previousCell, cell, hiddenGradient)
    checkSizes(gateGradients, cellCarry, cellGradient, hiddenGradient)
    withPointers(to: gates, previousCell, cell) { gatesStart, previousStart, cellStart in
      withPointers(to: hiddenGradient, cellCarry, cellGradient, gateGradients) {
        dHidden, carry, dCell, dGates in
        Element.kernelTable.pointer.pointee.lstm_backward(
          cell.rows, cell.columns, gatesStart, gates.stride, previousStart, previousCell.stride,
          cellStart, cell.stride, dHidden, hiddenGradient.stride, carry, cellCarry.stride, dCell,
          cellGradient.stride, carry, cellCarry.stride, dGates, gateGradients.stride)
      }
    }
  }

  private static func checkSizes<Element>(
    _ gates: Matrix<Element>, _ a: Matrix<Element>, _ b: Matrix<Element>, _ hidden: Matrix<Element>,
    function: StaticString = #function
  ) {
    require(
      gates.rows == hidden.rows && gates.columns == 4 * hidden.columns,
      "expected gates \(hidden.rows) × \(4 * hidden.columns), got \(gates.rows) × \(gates.columns)",
      function: function)
    hidden.checkSameSize(a, function: function)
    hidden.checkSameSize(b, function: function)
  }
}
