import UnrollDenseMath

/// Long short-term memory (Hochreiter & Schmidhuber 1997) with forget gates (Gers et al. 2000), in
/// PyTorch's form. With a_t = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh split into four gates:
///
///     i = σ(a_i)   f = σ(a_f)   g = tanh(a_g)   o = σ(a_o)
///     c_t = f ⊙ c_{t−1} + i ⊙ g
///     h_t = o ⊙ tanh(c_t)
///
/// Backward:
///
///     ∂ℓ/∂c_t = carry + ∂ℓ/∂h_t ⊙ o ⊙ (1 − tanh² c_t)      carry: through c_{t+1}
///     δ_i = ∂ℓ/∂c_t ⊙ g ⊙ i (1−i)          δ_f = ∂ℓ/∂c_t ⊙ c_{t−1} ⊙ f (1−f)
///     δ_g = ∂ℓ/∂c_t ⊙ i ⊙ (1−g²)           δ_o = ∂ℓ/∂h_t ⊙ tanh c_t ⊙ o (1−o)
///     carry ← f ⊙ ∂ℓ/∂c_t                  ∂ℓ/∂h_{t−1} = W_hhᵀ δ
///
/// Along c the gradient is multiplied by f alone: near 1 it neither vanishes nor explodes.
public struct LSTMCell: Cell {
  /// An LSTM.
  public init() {}

  public var name: String { "lstm" }
  public var gates: Int { 4 }
  public var hasCellState: Bool { true }
  public var forgetGate: Int? { 1 }
  public var carryGate: Int? { 1 }

  public func forward<Element>(_ step: CellStep<Element>) {
    step.gates.formProduct(
      step.previousHidden, step.recurrentWeight, transposing: .right, adding: true)
    LSTMPointwise.forward(
      gates: step.gates, previousCell: step.previousCell, cell: step.cell, hidden: step.hidden)
  }

  public func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    LSTMPointwise.backward(
      gates: step.gates, previousCell: step.previousCell, cell: step.cell,
      hiddenGradient: gradient.hidden, cellCarry: gradient.cellCarry, cellGradient: gradient.cell,
      gateGradients: gradient.gates)
    gradient.clipPreactivations()
    gradient.previousHidden.formProduct(gradient.gates, step.recurrentWeight, adding: true)
  }

  @_specialize(where Element == Float)
  public func forward<Element>(_ run: CellRun<Element>) { run.steps.forwardLSTM() }

  @_specialize(where Element == Float)
  public func backward<Element>(_ run: CellRun<Element>, _ gradient: CellRunGradient<Element>) {
    gradient.steps.backwardLSTM(run.steps)
  }
}
