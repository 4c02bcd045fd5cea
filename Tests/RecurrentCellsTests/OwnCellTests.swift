import Foundation
import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollTestSupport

@testable import UnrollRecurrentCells

/// Cells as users of the library write them: whatever a built-in cell can do, they can.
@Suite struct OwnCellTests {
  static let cells: [any Cell] = [LeakyIntegrator(leak: 0.3), ParameterCell(), ChoGRU()]

  /// Tolerance as in ``ModelCheckTests``.
  @Test(arguments: cells, [1, 3]) func gradientsAreThoseOfFiniteDifferences(
    _ cell: any Cell, _ layers: Int
  ) {
    for input in [InputKind.values(2), .classes(3), .values(20)] {
      let model = model(cell, input: input, layers: layers)
      let batch = WindowPasses<Double>.batch(model.configuration, steps: 3, rows: [0, 1])
      let report = ModelCheck.run(
        model, parameters(model), batch: batch, penalty: Penalty(l2: 0.1))
      #expect(report.worst <= 1e-7, "\(cell.name) \(input): \(report.errors)")
      #expect(report.compared == model.layout.count + batch.inputs.count)
    }
  }

  @Test(arguments: cells) func windowsWithACarriedStateCheckOut(_ cell: any Cell) {
    let model = model(cell, layers: 2)
    var random = RandomNumbers(seed: 7)
    let states = (0..<2).map { _ in
      Matrix<Double>(rows: 2, columns: 4, (0..<8).map { _ in random.normal() })
    }
    let report = ModelCheck.run(
      model, parameters(model),
      batch: WindowPasses<Double>.batch(model.configuration, steps: 5, rows: [0, 1]),
      steps: 2..<8, lossSteps: 5..<8, state: states)
    #expect(report.worst <= 1e-7, "\(cell.name): \(report.errors)")
  }

  /// The published equations, unit by unit. Sums of 6 terms in another order: a few units in the
  /// last place.
  @Test func choGRUIsThePublishedUnit() {
    let model = model(ChoGRU(), layers: 1)
    let parameters = parameters(model)
    let batch = WindowPasses<Double>.batch(model.configuration, steps: 1, rows: [0])
    let weights = PackedParameters(model, parameters)
    let workspace = SequenceWorkspace<Double>(model: model, capacity: 1, rows: 1)
    workspace.resetState(weights)
    workspace.forward(weights, batch, steps: 0..<1)

    let (x, h) = (batch.inputs.rows(0..<1).values, parameters["initial_hidden_l0"].values)
    /// Pre-activation `unit` of gate `gate`, whose recurrent product is with `state`.
    func sum(_ gate: Int, _ unit: Int, _ state: [Double]) -> Double {
      let row = gate * 4 + unit
      var sum = parameters["bias_ih_l0"][0, row] + parameters["bias_hh_l0"][0, row]
      for column in x.indices { sum += parameters["weight_ih_l0"][row, column] * x[column] }
      for column in 0..<4 { sum += parameters["weight_hh_l0"][row, column] * state[column] }
      return sum
    }
    func sigmoid(_ a: Double) -> Double { 1 / (1 + exp(-a)) }
    let reset = (0..<4).map { sigmoid(sum(0, $0, h)) * h[$0] }
    for unit in 0..<4 {
      let (z, n) = (sigmoid(sum(1, unit, h)), tanh(sum(2, unit, reset)))
      #expect(abs(workspace.hidden[0, unit] - ((1 - z) * n + z * h[unit])) < 1e-14)
    }
  }

  /// v ∂s_t/∂s_{t−1} against central differences of a step, whose error is near 1e-10.
  @Test(arguments: cells) func jacobiansAreThoseOfFiniteDifferences(_ cell: any Cell) {
    let model = model(cell, layers: 1)
    let weights = PackedParameters(model, parameters(model))
    let batch = WindowPasses<Double>.batch(model.configuration, steps: 1, rows: [0])
    let workspace = SequenceWorkspace<Double>(model: model, capacity: 1, rows: 1)
    let start = Matrix<Double>(rows: 1, columns: 4, [0.3, -0.5, 0.2, 0.8])
    func step() -> Matrix<Double> {
      workspace.initialState[0].assign(start)
      workspace.forward(weights, batch, steps: 0..<1)
      return workspace.hidden.copy()
    }
    _ = step()
    let jacobian = Matrix<Double>(rows: 4, columns: 4)
    for unit in 0..<4 { jacobian[unit, unit] = 1 }
    let pullback = StateVJP(weights, layer: 0, covectors: 5)
    pullback.pullBack(jacobian, through: workspace.transition(layer: 0, step: 0))
    pullback.pullBack(jacobian.rows(0..<0), through: workspace.transition(layer: 0, step: 0))
    for column in 0..<4 {
      let value = start[0, column]
      start[0, column] = value + 1e-5
      let above = step()
      start[0, column] = value - 1e-5
      let below = step()
      start[0, column] = value
      for row in 0..<4 {
        let difference = (above[0, row] - below[0, row]) / 2e-5
        #expect(abs(jacobian[row, column] - difference) < 1e-8, "\(cell.name)")
      }
    }
  }

  /// A limit that nothing reaches changes no bit; a lower one bounds every gradient by a
  /// pre-activation, also of those that lead to others.
  @Test(arguments: cells) func clipsAtEveryStep(_ cell: any Cell) {
    let model = model(cell, layers: 2)
    let weights = PackedParameters(model, parameters(model))
    let batch = WindowPasses<Double>.batch(model.configuration, steps: 10, rows: [0, 1])
    let workspace = SequenceWorkspace<Double>(model: model, capacity: 20, rows: 2)
    func gradients(_ clipper: PreactivationClipper<Double>?) -> (values: [Double], largest: Double)
    {
      let gradients = Parameters<Double>(model.layout)
      let recorder = LargestGradient(columns: cell.gates * 4)
      workspace.resetState(weights)
      workspace.forward(weights, batch, steps: 0..<20)
      _ = workspace.loss(weights, batch, over: 0..<20, scale: 1)
      workspace.backward(weights, batch, into: gradients, clipper: clipper, observer: recorder)
      return (gradients.values.values, recorder.largest)
    }
    let plain = gradients(nil)
    let far = PreactivationClipper<Double>(limit: 1e30)
    #expect(gradients(far).values == plain.values && !far.didClip)
    let near = PreactivationClipper<Double>(limit: 0.01)
    let clipped = gradients(near)
    #expect(near.didClip && clipped.largest == 0.01 && plain.largest > 0.01)
  }

  @Test func extraParametersStartAsTheirRulesSay() {
    let model = model(ParameterCell(), layers: 2)
    let parameters: Parameters<Double> = model.initialParameters(.identity(0.5), seed: 1)
    let names = ["matrix", "gain", "share"].map { $0 + "_l1" }
    #expect(names.map { model.layout.entry($0)?.shape } == [[4, 4], [4], [1]])
    #expect(parameters["matrix_l1"].values == (0..<16).map { $0 % 5 == 0 ? 0.5 : 0 })
    #expect(parameters["gain_l1"].values == [0, 0, 0, 0])
    #expect(parameters["share_l1"].values == [0.25])
    let drawn: Parameters<Double> = model.initialParameters(.pytorch, seed: 1)
    #expect(drawn["gain_l1"].values.allSatisfy { $0 != 0 && abs($0) <= 0.5 })
    #expect(Set(drawn["matrix_l0"].values + drawn["matrix_l1"].values).count == 32)
  }

  @Test func whatACellDeclaresWronglyTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = CellParameter("tensor", shape: [2, 2, 2], start: .bias)
    }
    await #expect(processExitsWith: .failure) {
      struct FarBlock: Cell {
        var name: String { "far" }
        var gates: Int { 1 }
        func recurrentInput(of gate: Int) -> RecurrentInput { .block(1) }
        func forward<Element>(_ step: CellStep<Element>) {}
        func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {}
      }
      _ = RecurrentSplit(FarBlock(), hidden: 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = RecurrentModel(
        cell: IdleCell(name: "gru", gates: 3),
        ModelConfiguration(input: .values(1), target: .values(1), hidden: 2))
    }
    // The regularizer Ω is defined for the rnn.
    await #expect(processExitsWith: .failure) {
      let model = RecurrentModel(
        cell: ChoGRU(), ModelConfiguration(input: .values(1), target: .values(1), hidden: 2))
      _ = SequenceWorkspace<Double>(model: model, capacity: 1, rows: 1, omega: 1)
    }
  }

  @Test func aGateThatTheCellDoesNotHaveIsNamed() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      struct ThirdGate: Cell {
        var name: String { "third" }
        var gates: Int { 2 }
        func forward<Element>(_ step: CellStep<Element>) { step.gate(2).fill(0) }
        func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {}
      }
      let model = RecurrentModel(
        cell: ThirdGate(), ModelConfiguration(input: .values(2), target: .values(1), hidden: 4))
      let batch = WindowPasses<Double>.batch(model.configuration, steps: 1, rows: [0])
      let workspace = SequenceWorkspace<Double>(model: model, capacity: 1, rows: 1)
      workspace.forward(
        PackedParameters(model, Parameters(model.layout)), batch, steps: 0..<1)
    }
    let printed = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(printed.contains("gate(_:): expected blocks in 0..<2, got 2..<3"), "\(printed)")
  }

  private func model(
    _ cell: any Cell, input: InputKind = .values(2), layers: Int
  ) -> RecurrentModel {
    RecurrentModel(
      cell: cell,
      ModelConfiguration(
        input: input, target: .values(1), hidden: 4, layers: layers, learnsInitialState: true))
  }

  /// Every parameter of the order of 1, learned states too.
  private func parameters(_ model: RecurrentModel) -> Parameters<Double> {
    let parameters = Parameters<Double>(model.layout)
    var random = RandomNumbers(seed: 11)
    parameters.values.assign((0..<model.layout.count).map { _ in random.uniform(-0.8, 0.8) })
    return parameters
  }
}
