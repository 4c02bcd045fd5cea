import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// A cell as a user of the library writes it, in whole-array operations: the leaky integrator
///
///     h_t = (1 − α) h_{t−1} + α tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)
private struct LeakyIntegrator: Cell {
  let leak: Double
  var name: String { "leaky-integrator" }
  var gates: Int { 1 }

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
    gradient.previousHidden.formProduct(gradient.gates, step.recurrentWeight, adding: true)
    gradient.previousHidden.add(gradient.hidden, scale: Element(1 - leak))
  }
}

@Suite struct OwnCellTests {
  @Test(arguments: [1, 3]) func aUsersOwnCellChecksOut(_ layers: Int) {
    let model = RecurrentModel(
      cell: LeakyIntegrator(leak: 0.3),
      ModelConfiguration(
        input: .values(2), target: .values(1), hidden: 4, layers: layers,
        learnsInitialState: true))
    let batch = Batch<Double>(
      BatchShape(timeSteps: 6, rows: 2, input: .values(2), target: .values(1), supervised: 3..<6))
    var random = RandomNumbers(seed: 4)
    batch.inputs.assign((0..<batch.inputs.count).map { _ in random.normal() })
    batch.targets.assign((0..<batch.targets.count).map { _ in random.normal() })
    let report = ModelCheck.run(
      model, model.initialParameters(.he, seed: 1), batch: batch, penalty: Penalty(l2: 0.1))
    #expect(report.worst <= 1e-7, "\(report.errors)")
    #expect(report.compared == model.layout.count + batch.inputs.count)
  }
}
