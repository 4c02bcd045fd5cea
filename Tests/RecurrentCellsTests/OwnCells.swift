import UnrollDenseMath
import UnrollRecurrentCells

/// The leaky integrator, the simplest cell of a user's own:
///
///     h_t = (1 − α) h_{t−1} + α tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)
struct LeakyIntegrator: Cell {
  let leak: Double
  var name: String { "leaky-integrator" }
  var gates: Int { 1 }
  var constants: String { "leak=\(leak)" }

  func forward<Element>(_ step: CellStep<Element>) {
    step.gates.formProduct(
      step.previousHidden, step.recurrentWeight, transposing: .right, adding: true)
    step.hidden.apply(.tanh, to: step.gates)
    // The tanh is what backward wants of the gates.
    step.gates.assign(step.hidden)
    step.hidden.scale(by: Element(leak))
    step.hidden.add(step.previousHidden, scale: Element(1 - leak))
  }

  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    gradient.gates.applyDerivative(
      of: .tanh, preActivations: step.gates, outputs: step.gates, gradient: gradient.hidden)
    gradient.gates.scale(by: Element(leak))
    gradient.clipPreactivations()
    gradient.previousHidden.formProduct(gradient.gates, step.recurrentWeight, adding: true)
    gradient.previousHidden.add(gradient.hidden, scale: Element(1 - leak))
  }
}

/// A cell with extra parameters of every shape, which does not use W_hh:
///
///     a_t = W_ih x_t + b_ih + b_hh + U h_{t−1} + g ⊙ h_{t−1}
///     h_t = tanh(a_t) + s h_{t−1}
///
/// U [H, H] starts like recurrent weights, g [H] like a bias, and the scalar s at ¼.
struct ParameterCell: Cell {
  var name: String { "parameters" }
  var gates: Int { 1 }

  func recurrentInput(of gate: Int) -> RecurrentInput { .unused }

  func extraParameters(hidden: Int) -> [CellParameter] {
    [
      CellParameter("matrix", shape: [hidden, hidden], start: .recurrentWeight),
      CellParameter("gain", shape: [hidden], start: .bias),
      CellParameter("share", shape: [1], start: .constant(0.25)),
    ]
  }

  func forward<Element>(_ step: CellStep<Element>) {
    let (matrix, gain) = (step.extraParameters[0], step.extraParameters["gain"])
    step.gates.formProduct(step.previousHidden, matrix, transposing: .right, adding: true)
    step.hidden.fillRows(gain)
    step.hidden.multiplyElements(by: step.previousHidden)
    step.gates.addElements(of: step.hidden)
    step.gates.apply(.tanh, to: step.gates)
    step.hidden.assign(step.gates)
    step.hidden.add(step.previousHidden, scale: step.extraParameters["share"][0, 0])
  }

  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    let parameters = step.extraParameters
    gradient.gates.applyDerivative(
      of: .tanh, preActivations: step.gates, outputs: step.gates, gradient: gradient.hidden)
    gradient.clipPreactivations()
    gradient.previousHidden.formProduct(gradient.gates, parameters[0], adding: true)
    gradient.scratch.fillRows(parameters["gain"])
    gradient.scratch.multiplyElements(by: gradient.gates)
    gradient.previousHidden.addElements(of: gradient.scratch)
    gradient.previousHidden.add(gradient.hidden, scale: parameters["share"][0, 0])

    gradient.extraParameters["matrix"].formProduct(
      gradient.gates, step.previousHidden, transposing: .left, adding: true)
    gradient.scratch.assign(gradient.gates)
    gradient.scratch.multiplyElements(by: step.previousHidden)
    gradient.extraParameters["gain"].addColumnSums(of: gradient.scratch)
    gradient.extraParameters["share"][0, 0] += Element(gradient.hidden.dot(step.previousHidden))
  }
}
