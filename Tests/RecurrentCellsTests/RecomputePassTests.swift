import Testing
import UnrollDenseMath
import UnrollOptimization

@testable import UnrollRecurrentCells

/// Passes that run states forward again against passes that keep all of them, bit by bit.
@Suite struct RecomputePassTests {
  /// With 64 rows a tile holds 4 steps, so that 35 steps are 9 tiles, the last of 3 steps: segments of 1
  /// to 8 tiles with a checkpoint before each, one segment, and fewer checkpoints down to one.
  static let plans =
    [1, 4, 9, 13, 31, 35, 1_000].map { RecomputePlan.every($0, of: 35) }
    + [1, 2, 3].map { RecomputePlan(segment: 4, checkpoints: $0) }
    + [RecomputePlan(segment: 8, checkpoints: 2)]

  /// Two windows in a row: loss, gradients by parameters, inputs and the state before, and all that an
  /// observer sees.
  private func expectSameBits<Element: Scalar>(
    _ model: RecurrentModel, _ parameters: Parameters<Element>, rows: Int = 64, steps: Int = 35,
    _ plans: [RecomputePlan] = Self.plans
  ) {
    let passes = WindowPasses(model, parameters)
    let batch = WindowPasses<Element>.batch(
      model.configuration, steps: steps, rows: Array(0..<rows))
    // Rows of different lengths: no target after the end.
    for step in batch.shape.supervised {
      for row in 0..<rows where step % steps > steps - 1 - row % 5 * 3 {
        batch.setHasTarget(false, step: step, row: row)
      }
    }
    let wanted = passes.results(batch).filter { !$0.name.hasPrefix("h ") }
    for plan in plans {
      let got = passes.results(batch, recompute: plan)
      #expect(got.count == wanted.count)
      for (got, wanted) in zip(got, wanted) {
        #expect(got.name == wanted.name)
        #expect(
          got.values.map(\.bitPattern) == wanted.values.map(\.bitPattern),
          "\(wanted.name), \(model.cell.name), \(plan)")
      }
    }
  }

  @Test(arguments: ["rnn", "rnn/activation=prelu", "lstm", "gru"], FusedRunTests.inputs)
  func bitsAreTheSame(_ text: String, _ input: InputKind) throws {
    let specification = try CellSpecification(parsing: text)
    for target in [TargetKind.values(2), .classes(5)] {
      let model = RecurrentModel(
        specification,
        ModelConfiguration(
          input: input, target: target, hidden: 6, layers: 2, learnsInitialState: true))
      expectSameBits(model, WindowPasses<Float>.parameters(model, specification))
      expectSameBits(
        model, WindowPasses<Double>.parameters(model, specification),
        [.every(4, of: 35), RecomputePlan(segment: 8, checkpoints: 1)])
    }
  }

  /// At the width of the vector kernels, and with the tiles of a single row, which are 256 steps long.
  @Test(arguments: ["rnn", "lstm", "gru"])
  func bitsAreTheSameAtOtherSizes(_ text: String) throws {
    let specification = try CellSpecification(parsing: text)
    let model = RecurrentModel(
      specification, ModelConfiguration(input: .values(20), target: .values(1), hidden: 48))
    let parameters = WindowPasses<Float>.parameters(model, specification)
    expectSameBits(model, parameters, rows: 20, steps: 90, [.every(20, of: 90), .every(1, of: 90)])
    expectSameBits(
      model, parameters, rows: 1, steps: 3_000,
      [.every(500, of: 3_000), RecomputePlan(segment: 1, checkpoints: 2)])
  }

  @Test func bitsOfOwnCellsAreTheSame() {
    for cell in [LeakyIntegrator(leak: 0.3), ParameterCell()] as [any Cell] {
      let model = RecurrentModel(
        cell: cell,
        ModelConfiguration(
          input: .values(3), target: .values(2), hidden: 5, layers: 2, learnsInitialState: true))
      expectSameBits(
        model, model.initialParameters(.xavier, seed: 3, as: Double.self),
        [.every(4, of: 35), RecomputePlan(segment: 4, checkpoints: 2)])
    }
  }

  /// Gradients given by outputs and final states, of rows that end inside tiles and segments.
  @Test(arguments: ["rnn", "lstm"])
  func bitsOfGivenGradientsAreTheSame(_ text: String) throws {
    let specification = try CellSpecification(parsing: text)
    let model = RecurrentModel(
      specification, ModelConfiguration(input: .values(2), target: .values(0), hidden: 6, layers: 2)
    )
    let (steps, rows) = (35, 64)
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: steps, rows: rows, input: .values(2), target: .values(0), supervised: 0..<0))
    var random = RandomNumbers(seed: 8)
    func filled(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      let matrix = Matrix<Double>(rows: rows, columns: columns)
      matrix.assign((0..<rows * columns).map { _ in random.normal() })
      return matrix
    }
    batch.inputs.assign(filled(steps * rows, 2))
    let lastSteps = (0..<rows).map { [34, 33, 17, 16, 3][$0 % 5] }
    let outputs = filled(steps * rows, 6)
    for step in 0..<steps {
      for row in 0..<rows where step > lastSteps[row] {
        outputs.rows(step * rows + row..<step * rows + row + 1).fill(0)
      }
    }
    batch.stateGradients = StateGradients(
      outputs: outputs, finalHidden: [filled(rows, 6), filled(rows, 6)],
      finalCell: text == "lstm" ? [filled(rows, 6), filled(rows, 6)] : nil, lastSteps: lastSteps)
    let weights = PackedParameters(model, WindowPasses<Double>.parameters(model, specification))
    func gradient(_ plan: RecomputePlan?) -> [UInt64] {
      let workspace = SequenceWorkspace<Double>(
        model: model, capacity: steps, rows: rows, recompute: plan)
      let gradients = Parameters<Double>(model.layout)
      workspace.passOverSequences(weights, batch, into: gradients, observer: nil)
      return gradients.values.values.map(\.bitPattern)
    }
    let wanted = gradient(nil)
    for plan in Self.plans { #expect(gradient(plan) == wanted, "\(plan)") }
  }

  /// A model of 3 inputs and 2 outputs, its weights, and a batch of 64 rows of 70 steps.
  private func sample<Element: Scalar>(
    _ cell: String, layers: Int = 1, as type: Element.Type = Element.self
  ) throws -> (RecurrentModel, PackedParameters<Element>, Batch<Element>) {
    let specification = try CellSpecification(parsing: cell)
    let model = RecurrentModel(
      specification,
      ModelConfiguration(input: .values(3), target: .values(2), hidden: 6, layers: layers))
    return (
      model, PackedParameters(model, WindowPasses<Element>.parameters(model, specification)),
      WindowPasses<Element>.batch(model.configuration, steps: 35, rows: Array(0..<64))
    )
  }

  /// A second backward pass, here clipped at every step, runs the states forward once more.
  @Test func backwardRepeats() throws {
    let (model, weights, batch) = try sample("gru", as: Float.self)
    func gradients(_ plan: RecomputePlan?) -> [[Double]] {
      let workspace = SequenceWorkspace<Float>(
        model: model, capacity: 35, rows: 64, recompute: plan)
      workspace.resetState(weights)
      _ = workspace.forward(weights, batch, steps: 0..<35, lossOver: 0..<35, scale: 1)
      return [1e-3, nil, 1e-2].map { limit in
        let gradients = Parameters<Float>(model.layout)
        workspace.backward(
          weights, batch, into: gradients,
          clipper: limit.map { PreactivationClipper(limit: $0) })
        return gradients.values.values
      }
    }
    let wanted = gradients(nil)
    for plan in Self.plans { #expect(gradients(plan) == wanted, "\(plan)") }
  }

  /// Windows that overlap go on from a state inside the one before, wherever its segments lie.
  @Test(arguments: [1, 3, 4, 5, 20, 34, 35])
  func carriesStatesFromInsideWindows(_ step: Int) throws {
    let (model, weights, batch) = try sample("lstm", layers: 2, as: Float.self)
    func states(_ plan: RecomputePlan?, backward: Bool) -> [[Double]] {
      let workspace = SequenceWorkspace<Float>(
        model: model, capacity: 35, rows: 64, recompute: plan)
      workspace.resetState(weights)
      _ = workspace.forward(
        weights, batch, steps: 0..<35, carrying: step, lossOver: 0..<35, scale: 1)
      if backward { workspace.backward(weights, batch, into: Parameters<Float>(model.layout)) }
      workspace.carryState(after: step)
      return workspace.initialState.map(\.values)
    }
    let wanted = states(nil, backward: true)
    for plan in Self.plans {
      #expect(states(plan, backward: true) == wanted, "\(plan)")
      #expect(states(plan, backward: false) == wanted, "\(plan)")
    }
  }

  /// The regularizer's value and gradient.
  @Test func bitsOfTheRegularizerAreTheSame() throws {
    let (model, weights, batch) = try sample("rnn", as: Double.self)
    func results(_ plan: RecomputePlan?) -> [Double] {
      let workspace = SequenceWorkspace<Double>(
        model: model, capacity: 35, rows: 64, omega: 0.1, recompute: plan)
      let gradients = Parameters<Double>(model.layout)
      workspace.resetState(weights)
      _ = workspace.forward(weights, batch, steps: 0..<35, lossOver: 0..<35, scale: 1)
      workspace.backward(weights, batch, into: gradients)
      return gradients.values.values + [workspace.vanishingGradientLoss]
    }
    let wanted = results(nil)
    for plan in Self.plans { #expect(results(plan) == wanted, "\(plan)") }
  }

  /// A window shorter than the workspace's capacity, down to none of its segments full.
  @Test(arguments: [1, 4, 5, 17, 34])
  func shortWindowsAreTheSame(_ steps: Int) throws {
    let (model, weights, batch) = try sample("lstm", as: Float.self)
    func gradient(_ plan: RecomputePlan?) -> [Double] {
      let workspace = SequenceWorkspace<Float>(
        model: model, capacity: 35, rows: 64, recompute: plan)
      let gradients = Parameters<Float>(model.layout)
      workspace.resetState(weights)
      _ = workspace.forward(weights, batch, steps: 0..<steps, lossOver: 0..<steps, scale: 1)
      workspace.backward(weights, batch, into: gradients)
      return gradients.values.values
    }
    let wanted = gradient(nil)
    for plan in Self.plans { #expect(gradient(plan) == wanted, "\(plan)") }
  }
}
