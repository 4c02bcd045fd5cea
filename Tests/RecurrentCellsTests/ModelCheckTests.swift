import Testing
import UnrollDenseMath
import UnrollOptimization

@testable import UnrollRecurrentCells

/// Backpropagation against central differences, every parameter, input and initial state.
///
/// Float64 with step 6e-6 leaves a truncation error near 1e-11 and a rounding error near 1e-11 of
/// the loss; 1e-7 is far above both and far below any wrong term.
@Suite struct ModelCheckTests {
  @Test(arguments: everyCell + ["lstm/forget-bias=none"], [1, 2, 3]) func checksOut(
    _ text: String, layers: Int
  ) throws {
    for target in [TargetKind.values(2), .classes(3)] {
      for learns in [false, true] {
        let model = RecurrentModel(
          try CellSpecification(parsing: text),
          ModelConfiguration(
            input: .values(3), target: target, hidden: 4, layers: layers,
            learnsInitialState: learns))
        let report = ModelCheck.run(
          model, parameters(model), batch: batch(model, steps: 5),
          penalty: Penalty(l1: 0.01, l2: 0.02))
        #expect(report.worst <= 1e-7, "\(target) learns \(learns): \(report.errors)")
        #expect(report.compared > 0)
      }
    }
  }

  @Test(arguments: CellKind.builtIn.map(\.name) + ["rnn/activation=prelu"])
  func truncatedWindowChecksOut(_ text: String) throws {
    let model = RecurrentModel(
      try CellSpecification(parsing: text),
      ModelConfiguration(input: .values(3), target: .values(2), hidden: 4, layers: 2))
    var random = RandomNumbers(seed: 7)
    let states = (0..<(model.cell.hasCellState ? 4 : 2)).map { _ in
      noise(rows: 3, columns: 4, &random)
    }
    let report = ModelCheck.run(
      model, parameters(model), batch: batch(model, steps: 9), steps: 2..<8, lossSteps: 5..<8,
      state: states)
    #expect(report.worst <= 1e-7, "\(report.errors)")
    #expect(report.errors.contains { $0.name == "state 1" })
  }

  @Test func classInputsGiveTheGradientsOfOneHotRows() throws {
    for kind in CellKind.builtIn {
      let specification = CellSpecification(kind)
      func gradient(_ input: InputKind) throws -> [Double] {
        let model = RecurrentModel(
          specification,
          ModelConfiguration(input: input, target: .classes(3), hidden: 4, layers: 2))
        let parameters = parameters(model)
        let batch = batch(model, steps: 6)
        var random = RandomNumbers(seed: 3)
        for index in 0..<6 * 3 {
          let symbol = random.integer(in: 0..<5)
          if case .classes = input {
            batch.inputClasses[index] = Int32(symbol)
          } else {
            batch.inputs.rows(index..<index + 1).fill(0)
            batch.inputs[index, symbol] = 1
          }
        }
        let workspace = SequenceWorkspace<Double>(model: model, capacity: 6, rows: 3)
        let gradients = Parameters<Double>(model.layout)
        let weights = PackedParameters(model, parameters)
        workspace.resetState(weights)
        workspace.forward(weights, batch, steps: 0..<6)
        _ = workspace.loss(weights, batch, over: 0..<6, scale: 1)
        workspace.backward(weights, batch, into: gradients)
        return gradients.values.values
      }
      let error = relativeError(try gradient(.classes(5)), try gradient(.values(5)))
      #expect(error < 1e-13, "\(kind): \(error)")
    }
  }

  @Test func finiteDifferencesCatchAWrongCell() {
    let model = RecurrentModel(
      cell: WrongCell(),
      ModelConfiguration(input: .values(3), target: .values(2), hidden: 4))
    let report = ModelCheck.run(
      model, model.initialParameters(.xavier, seed: 1), batch: batch(model, steps: 5))
    #expect(report.worst > 1e-3)
  }

  @Test func kinksAreLeftOutAndCounted() throws {
    let theta = Matrix<Double>(rows: 1, columns: 2, [1e-9, 1])
    let report = GradientCheck.run([
      .init(name: "theta", values: theta, gradient: Matrix(rows: 1, columns: 2, [1, 1]))
    ]) {
      .init(
        loss: abs(theta[0, 0]) + abs(theta[0, 1]),
        pattern: (theta[0, 0] > 0 ? 1 : 0) + (theta[0, 1] > 0 ? 2 : 0))
    }
    #expect(report.leftOut == 1)
    #expect(report.compared == 1)
    #expect(report.worst < 1e-9)
    #expect(theta.values == [1e-9, 1])
  }

  // MARK: Made-up data

  private func parameters(_ model: RecurrentModel) -> Parameters<Double> {
    let parameters = Parameters<Double>(model.layout)
    var random = RandomNumbers(seed: 11)
    parameters.values.assign((0..<parameters.layout.count).map { _ in random.uniform(-1, 1) })
    return parameters
  }

  private func noise(
    rows: Int, columns: Int, _ random: inout RandomNumbers
  ) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns, (0..<rows * columns).map { _ in random.normal() })
  }

  /// Three rows of different lengths: the last has no target at the last step.
  private func batch(_ model: RecurrentModel, steps: Int) -> Batch<Double> {
    let configuration = model.configuration
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: steps, rows: 3, input: configuration.input, target: configuration.target,
        supervised: 1..<steps))
    var random = RandomNumbers(seed: 5)
    if batch.inputs.count > 0 {
      batch.inputs.assign(noise(rows: steps * 3, columns: batch.inputs.columns, &random))
    }
    random = RandomNumbers(seed: 6)
    switch configuration.target {
    case .values(let width):
      batch.targets.assign(noise(rows: (steps - 1) * 3, columns: width, &random))
    case .classes(let count):
      for index in batch.targetClasses.indices {
        batch.targetClasses[index] = Int32(random.integer(in: 0..<count))
      }
    }
    batch.lossMask[0, batch.lossMask.count - 1] = 0
    return batch
  }
}

/// A tanh cell whose backward forgets the derivative: what the check is there to find.
private struct WrongCell: Cell {
  var name: String { "wrong" }
  var gates: Int { 1 }

  func forward<Element>(_ step: CellStep<Element>) { RNNCell().forward(step) }

  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    gradient.gates.assign(gradient.hidden)
    gradient.previousHidden.formProduct(gradient.gates, step.recurrentWeight, adding: true)
  }
}
