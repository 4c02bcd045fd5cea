import UnrollKit

/// The update gate RNN (Collins, Sohl-Dickstein & Sussillo 2017, *Capacity and trainability in
/// recurrent neural networks*):
///
///     g = σ(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg)
///     c = tanh(W_ic x_t + b_ic + W_hc h_{t−1} + b_hc)
///     h_t = g ⊙ h_{t−1} + (1 − g) ⊙ c
///
/// Backward:
///
///     δ_g = ∂ℓ/∂h_t ⊙ (h_{t−1} − c) ⊙ g (1 − g)        δ_c = ∂ℓ/∂h_t ⊙ (1 − g) ⊙ (1 − c²)
///     ∂ℓ/∂h_{t−1} = g ⊙ ∂ℓ/∂h_t + W_hhᵀ (δ_g, δ_c)
struct UpdateGateCell: Cell {
  let name = "update-gate"
  let gates = 2
  var forgetGate: Int? { 0 }
  var carryGate: Int? { 0 }

  func forward<Element>(_ step: CellStep<Element>) {
    let (g, c) = (step.gate(0), step.gate(1))
    step.gates.formProduct(
      step.previousHidden, step.recurrentWeight, transposing: .right, adding: true)
    g.apply(.sigmoid, to: g)
    c.apply(.tanh, to: c)
    // c + g ⊙ (h_{t−1} − c)
    step.hidden.assign(step.previousHidden)
    step.hidden.add(c, scale: -1)
    step.hidden.multiplyElements(by: g)
    step.hidden.addElements(of: c)
  }

  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    let (g, c) = (step.gate(0), step.gate(1))
    let (byG, byC) = (gradient.gate(0), gradient.gate(1))
    byG.assign(step.previousHidden)
    byG.add(c, scale: -1)
    byG.multiplyElements(by: gradient.hidden)
    byG.applyDerivative(of: .sigmoid, preActivations: g, outputs: g, gradient: byG)

    let kept = gradient.scratch
    kept.assign(gradient.hidden)
    kept.multiplyElements(by: g)
    byC.assign(gradient.hidden)
    byC.add(kept, scale: -1)
    byC.applyDerivative(of: .tanh, preActivations: c, outputs: c, gradient: byC)

    gradient.clipPreactivations()
    gradient.previousHidden.addElements(of: kept)
    gradient.previousHidden.formProduct(gradient.gates, step.recurrentWeight, adding: true)
  }
}

let task = try AddingTask(length: 100, seed: 1)
let specification = CellSpecification(cell: UpdateGateCell())
let model = RecurrentModel(
  specification, ModelConfiguration(input: task.input, target: task.target, hidden: 8))
let parameters: Parameters<Double> = model.initialParameters(specification, seed: 1)

let data = try DecayData(task, rows: 4)
let report = ModelCheck.run(model, parameters, batch: data.batch())
print(report.worst < 1e-7 ? "the gradients agree" : "largest error \(report.worst)")

let curve = DecayMeter(model, batch: data.batch()).curves(under: parameters)[0]
print("its gradient reaches back \(DecayFit(curve).horizon ?? 0) steps")
