import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollTestSupport

@testable import UnrollGradientFlow
@testable import UnrollRecurrentCells

/// A cell of a user's own under the instruments.
@Suite struct OwnCellFlowTests {
  private let model = RecurrentModel(
    cell: ChoGRU(),
    ModelConfiguration(
      input: .values(2), target: .values(1), hidden: 5, learnsInitialState: true))

  private var parameters: Parameters<Double> {
    let parameters = Parameters<Double>(model.layout)
    var random = RandomNumbers(seed: 3)
    parameters.values.assign((0..<model.layout.count).map { _ in random.uniform(-1, 1) })
    return parameters
  }

  private func batch(steps: Int, rows: Int) -> Batch<Double> {
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: steps, rows: rows, input: .values(2), target: .values(1),
        supervised: steps - 1..<steps))
    var random = RandomNumbers(seed: 4)
    batch.inputs.assign((0..<batch.inputs.count).map { _ in random.normal() })
    batch.targets.assign((0..<batch.targets.count).map { _ in random.normal() })
    return batch
  }

  /// The curve is that of the chain of the steps' Jacobians, some dozen products of five units.
  @Test func decayIsThatOfTheJacobians() throws {
    let batch = batch(steps: 12, rows: 1)
    let curve = try #require(
      DecayMeter(model, batch: batch).curves(under: parameters).first { $0.path == .hidden })
    let stream = InputStream(model, parameters, batch: batch, row: 0)
    let pullback = StateVJP(stream.weights, layer: 0, covectors: 1)
    let covector = Matrix<Double>(rows: 1, columns: 5, parameters["head.weight"].values)
    let start = covector.norm
    for lag in 0..<11 {
      pullback.pullBack(covector, through: stream.transition(layer: 0, lag: lag))
      let ratio = curve.norms[lag + 1][0] / curve.norms[0][0]
      #expect(abs(covector.norm / start / ratio - 1) < 1e-12)
    }
  }

  /// With a single step, its contribution is the gradient, of W_hh with two kinds of factors: h_{t−1},
  /// and r ⊙ h_{t−1}.
  @Test func contributionsAreOfWhatTheWeightsMultiply() {
    let batch = batch(steps: 1, rows: 3)
    let flow = GradientMeasurement.measure(model, parameters, batch: batch)
    let workspace = SequenceWorkspace<Double>(model: model, capacity: 1, rows: 3)
    let gradients = Parameters<Double>(model.layout)
    let weights = PackedParameters(model, parameters)
    workspace.resetState(weights)
    workspace.forward(weights, batch, steps: 0..<1)
    _ = workspace.loss(weights, batch, over: 0..<1, scale: 1.0 / 3)
    workspace.backward(weights, batch, into: gradients)
    #expect(flow.contributions.count == 2)
    for curve in flow.contributions {
      let wanted = gradients["\(curve.weight.rawValue)_l0"].norm
      #expect(abs(curve.norms[0] / wanted - 1) < 1e-12, "\(curve.weight)")
    }
  }

  /// z is the gate on the state's direct path.
  @Test func theUpdateGateIsRecorded() {
    let flow = GradientMeasurement.measure(model, parameters, batch: batch(steps: 4, rows: 2))
    #expect(flow.gates.count == 1 && flow.gates[0].logProducts.allSatisfy { $0 <= 0 })
  }
}
