import UnrollDenseMath

/// The vanilla recurrent cell (Elman 1990, *Finding structure in time*):
///
///     a_t = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh
///     h_t = f(a_t)
///
/// Backward, with δ_t = ∂ℓ/∂a_t:
///
///     δ_t = ∂ℓ/∂h_t ⊙ f′(a_t)
///     ∂ℓ/∂h_{t−1} = W_hhᵀ δ_t
///
/// so each step back multiplies by W_hhᵀ diag f′: the product that vanishes or explodes.
public struct RNNCell: Cell {
  /// The activation f.
  public let activation: Activation

  /// A cell with h_t = f(a_t).
  public init(activation: Activation = .tanh) { self.activation = activation }

  public var name: String { "rnn" }
  public var gates: Int { 1 }
  public var kinks: [Double] { activation.shape.kinks }

  /// prelu's slope is one number for the layer, as in PyTorch's `nn.PReLU()`.
  public func extraParameters(hidden: Int) -> [CellParameter] {
    activation == .prelu
      ? [CellParameter("slope", shape: [1], start: .constant(Activation.startingSlope))] : []
  }

  public func forward<Element>(_ step: CellStep<Element>) {
    step.gates.formProduct(
      step.previousHidden, step.recurrentWeight, transposing: .right, adding: true)
    step.hidden.apply(activation, slope: slope(step.extraParameters), to: step.gates)
  }

  public func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    gradient.gates.applyDerivative(
      of: activation, slope: slope(step.extraParameters), preActivations: step.gates,
      outputs: step.hidden,
      gradient: gradient.hidden)
    gradient.clipPreactivations()
    gradient.previousHidden.formProduct(gradient.gates, step.recurrentWeight, adding: true)
    if activation == .prelu {
      gradient.extraParameters[0][0, 0] += Element(step.gates.slopeGradient(gradient.hidden))
    }
  }

  @_specialize(where Element == Float)
  public func forward<Element>(_ run: CellRun<Element>) {
    run.steps.forwardRNN(activation, slope: slope(run.extraParameters))
  }

  @_specialize(where Element == Float)
  public func backward<Element>(_ run: CellRun<Element>, _ gradient: CellRunGradient<Element>) {
    gradient.steps.backwardRNN(run.steps, activation, slope: slope(run.extraParameters))
    if activation == .prelu {
      let hidden = gradient.steps.hidden.rows(run.steps.rows..<gradient.steps.hidden.rows)
      gradient.extraParameters[0][0, 0] += Element(run.steps.gates.slopeGradient(hidden))
    }
  }

  private func slope<Element>(_ extra: CellParameters<Element>) -> Double {
    activation == .prelu ? Double(extra[0][0, 0]) : 0
  }
}
