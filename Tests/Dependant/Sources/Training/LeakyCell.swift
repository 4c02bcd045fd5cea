import UnrollKit

/// The leaky integrator (Jaeger et al. 2007, *Optimization and applications of echo state networks
/// with leaky-integrator neurons*):
///
///     a_t = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh
///     h_t = (1 − α) h_{t−1} + α tanh a_t
///
/// Backward:
///
///     δ_t = α ∂ℓ/∂h_t ⊙ (1 − tanh² a_t)
///     ∂ℓ/∂h_{t−1} = W_hhᵀ δ_t + (1 − α) ∂ℓ/∂h_t
public struct LeakyCell: Cell {
  public let leak: Double

  public init(leak: Double) { self.leak = leak }

  public var name: String { "leaky" }
  public var gates: Int { 1 }
  public var constants: String { "leak=\(leak)" }

  public func forward<Element>(_ step: CellStep<Element>) {
    step.gates.formProduct(
      step.previousHidden, step.recurrentWeight, transposing: .right, adding: true)
    step.hidden.apply(.tanh, to: step.gates)
    // Backward needs tanh a_t.
    step.gates.assign(step.hidden)
    step.hidden.scale(by: Element(leak))
    step.hidden.add(step.previousHidden, scale: Element(1 - leak))
  }

  public func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    gradient.gates.applyDerivative(
      of: .tanh, preActivations: step.gates, outputs: step.gates, gradient: gradient.hidden)
    gradient.gates.scale(by: Element(leak))
    gradient.clipPreactivations()
    gradient.previousHidden.formProduct(gradient.gates, step.recurrentWeight, adding: true)
    gradient.previousHidden.add(gradient.hidden, scale: Element(1 - leak))
  }
}
