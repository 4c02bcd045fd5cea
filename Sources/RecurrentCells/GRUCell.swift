import UnrollDenseMath

/// The gated recurrent unit (Cho et al. 2014, *Learning phrase representations using RNN
/// encoder–decoder*) in PyTorch's form, where the reset gate multiplies the candidate's recurrent
/// product with its bias:
///
///     r = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)
///     z = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)
///     q = W_hn h_{t−1} + b_hn
///     n = tanh(W_in x_t + b_in + r ⊙ q)
///     h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
///
/// Backward:
///
///     δ_n = ∂ℓ/∂h_t ⊙ (1 − z) ⊙ (1 − n²)        δ_z = ∂ℓ/∂h_t ⊙ (h_{t−1} − n) ⊙ z (1 − z)
///     δ_q = δ_n ⊙ r                             δ_r = δ_n ⊙ q ⊙ r (1 − r)
///     ∂ℓ/∂h_{t−1} = z ⊙ ∂ℓ/∂h_t + W_hhᵀ (δ_r, δ_z, δ_q)
///
/// Along h the gradient is multiplied by z beside the recurrent product: near 1 it is kept.
public struct GRUCell: Cell {
  /// A GRU.
  public init() {}

  public var name: String { "gru" }
  public var gates: Int { 3 }
  /// Blocks r, z, q, n.
  public var separatesLastGate: Bool { true }
  public var carryGate: Int? { 1 }

  public func forward<Element>(_ step: CellStep<Element>) {
    recurrent(step.gates).formProduct(
      step.previousHidden, step.recurrentWeight, transposing: .right, adding: true)
    GRUPointwise.forward(
      gates: step.gates, previousHidden: step.previousHidden, hidden: step.hidden)
  }

  public func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    GRUPointwise.backward(
      gates: step.gates, previousHidden: step.previousHidden, hiddenGradient: gradient.hidden,
      previousHiddenGradient: gradient.previousHidden, gateGradients: gradient.gates)
    if gradient.clipPreactivations(inBlocks: 3..<4) { followClippedCandidate(step, gradient) }
    gradient.clipPreactivations(inBlocks: 0..<2)
    gradient.previousHidden.formProduct(
      recurrent(gradient.gates), step.recurrentWeight, adding: true)
  }

  @_specialize(where Element == Float)
  public func forward<Element>(_ run: CellRun<Element>) { run.steps.forwardGRU() }

  @_specialize(where Element == Float)
  public func backward<Element>(_ run: CellRun<Element>, _ gradient: CellRunGradient<Element>) {
    gradient.steps.backwardGRU(run.steps)
  }

  /// Forms δ_q and δ_r again, from a δ_n that was clipped.
  private func followClippedCandidate<Element>(
    _ step: CellStep<Element>, _ gradient: CellGradient<Element>
  ) {
    let (reset, product) = (step.gate(0), step.gate(2))
    let (byReset, byProduct) = (gradient.gate(0), gradient.gate(2))
    byProduct.assign(gradient.gate(3))
    byProduct.multiplyElements(by: reset)
    byReset.assign(byProduct)
    byReset.multiplyElements(by: product)
    gradient.scratch.assign(byReset)
    gradient.scratch.multiplyElements(by: reset)
    gradient.scratch.scale(by: -1)
    byReset.addElements(of: gradient.scratch)
  }

  /// The blocks r, z, q, which the recurrent product enters.
  private func recurrent<Element>(_ gates: Matrix<Element>) -> Matrix<Element> {
    gates.columns(0..<gates.columns / 4 * 3)
  }
}
