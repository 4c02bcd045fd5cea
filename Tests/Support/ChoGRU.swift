import UnrollDenseMath
import UnrollRecurrentCells

/// The gated recurrent unit as it was published (Cho et al. 2014, *Learning phrase representations
/// using RNN encoder–decoder*): unlike in PyTorch's form, the reset gate multiplies the state before
/// the candidate's recurrent product.
///
///     r = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)
///     z = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)
///     s = r ⊙ h_{t−1}
///     n = tanh(W_in x_t + b_in + W_hn s + b_hn)
///     h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
///
/// Backward:
///
///     δ_n = ∂ℓ/∂h_t ⊙ (1 − z) ⊙ (1 − n²)       δ_z = ∂ℓ/∂h_t ⊙ (h_{t−1} − n) ⊙ z (1 − z)
///     ∂ℓ/∂s = W_hnᵀ δ_n                        δ_r = ∂ℓ/∂s ⊙ h_{t−1} ⊙ r (1 − r)
///     ∂ℓ/∂h_{t−1} = z ⊙ ∂ℓ/∂h_t + r ⊙ ∂ℓ/∂s + W_hrᵀ δ_r + W_hzᵀ δ_z
package struct ChoGRU: Cell {
  package init() {}

  package var name: String { "cho-gru" }
  /// r, z, n.
  package var gates: Int { 3 }
  /// s.
  package var extraBlocks: Int { 1 }
  package var carryGate: Int? { 1 }

  package func recurrentInput(of gate: Int) -> RecurrentInput {
    gate == 2 ? .block(3) : .previousHidden
  }

  package func forward<Element>(_ step: CellStep<Element>) {
    let width = step.hidden.columns
    let (r, z, n, s) = (step.gate(0), step.gate(1), step.gate(2), step.gate(3))
    let both = step.gates.columns(0..<2 * width)
    both.formProduct(
      step.previousHidden, step.recurrentWeight.rows(0..<2 * width), transposing: .right,
      adding: true)
    both.apply(.sigmoid, to: both)
    s.assign(step.previousHidden)
    s.multiplyElements(by: r)
    n.formProduct(
      s, step.recurrentWeight.rows(2 * width..<3 * width), transposing: .right, adding: true)
    n.apply(.tanh, to: n)
    // n + z ⊙ (h_{t−1} − n).
    formDifference(step.previousHidden, n, into: step.hidden)
    step.hidden.multiplyElements(by: z)
    step.hidden.addElements(of: n)
  }

  package func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    let width = step.hidden.columns
    let (r, z, n) = (step.gate(0), step.gate(1), step.gate(2))
    let (byR, byZ, byN, byS) = (
      gradient.gate(0), gradient.gate(1), gradient.gate(2), gradient.gate(3)
    )
    let scratch = gradient.scratch

    scratch.assign(gradient.hidden)
    scratch.multiplyElements(by: z)
    gradient.previousHidden.addElements(of: scratch)
    // ∂ℓ/∂h_t ⊙ (1 − z).
    formDifference(gradient.hidden, scratch, into: byN)
    byN.applyDerivative(of: .tanh, preActivations: n, outputs: n, gradient: byN)
    gradient.clipPreactivations(inBlocks: 2..<3)

    byS.formProduct(byN, step.recurrentWeight.rows(2 * width..<3 * width))
    scratch.assign(byS)
    scratch.multiplyElements(by: step.previousHidden)
    byR.applyDerivative(of: .sigmoid, preActivations: r, outputs: r, gradient: scratch)
    byS.multiplyElements(by: r)
    gradient.previousHidden.addElements(of: byS)

    formDifference(step.previousHidden, n, into: scratch)
    scratch.multiplyElements(by: gradient.hidden)
    byZ.applyDerivative(of: .sigmoid, preActivations: z, outputs: z, gradient: scratch)
    gradient.clipPreactivations(inBlocks: 0..<2)
    gradient.previousHidden.formProduct(
      gradient.gates.columns(0..<2 * width), step.recurrentWeight.rows(0..<2 * width), adding: true)
  }

  /// result = a − b.
  private func formDifference<Element>(
    _ a: Matrix<Element>, _ b: Matrix<Element>, into result: Matrix<Element>
  ) {
    result.assign(a)
    result.add(b, scale: -1)
  }
}
