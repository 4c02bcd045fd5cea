import Testing
import UnrollOptimization

@testable import UnrollRecurrentCells

/// Clipping in the backward pass through time. `PyTorchTrainingTests` holds it against autograd hooks.
@Suite struct PreactivationClipperTests {
  /// A limit that nothing reaches leaves plain backpropagation, step by step: in units in the last
  /// place of a tensor's largest element, as in ``FusedRunTests``.
  @Test(arguments: everyCell) func aLimitFarAwayChangesNothing(_ text: String) throws {
    let (plain, _) = try pass(text, limit: nil)
    let (clamped, clamp) = try pass(text, limit: 1e30)
    #expect(clamp?.didClip == false)
    for entry in plain.layout.entries {
      let units = relativeError(clamped[entry].values, plain[entry].values) / Double.ulpOfOne
      #expect(
        units <= (entry.name.hasPrefix("slope") ? 500 : 50), "\(text) \(entry.name): \(units)")
    }
  }

  @Test(arguments: everyCell) func noGradientIsAboveTheLimit(_ text: String) throws {
    let recorder = LargestGradient()
    let (_, clamp) = try pass(text, limit: 0.01, observer: recorder)
    #expect(clamp?.didClip == true)
    #expect(recorder.steps == 2 * 30)
    #expect(recorder.largest == 0.01)
  }

  /// h_t = x_t − 2 h_{t−1} and the loss h_T²: ∂ℓ/∂a_t is −2 ∂ℓ/∂a_{t+1} clamped to ±10, from
  /// 2·h_T = 6 on: 6, −12 → −10, 20 → 10, −20 → −10.
  @Test func theClampedValueGoesOn() throws {
    let model = RecurrentModel(
      cell: RNNCell(activation: .identity),
      ModelConfiguration(input: .values(1), target: .values(1), hidden: 1))
    let parameters = Parameters<Double>(model.layout)
    parameters["weight_ih_l0"].fill(1)
    parameters["weight_hh_l0"].fill(-2)
    parameters["head.weight"].fill(1)
    let batch = Batch<Double>(
      BatchShape(timeSteps: 4, rows: 1, input: .values(1), target: .values(1), supervised: 3..<4))
    for (step, x) in [1.0, 2, -1, 1].enumerated() { batch.inputs[step, 0] = x }
    let weights = PackedParameters(model, parameters)
    let workspace = SequenceWorkspace<Double>(model: model, capacity: 4, rows: 1)
    let clamp = PreactivationClipper<Double>(limit: 10)
    let gradients = Parameters<Double>(model.layout)
    workspace.resetState(weights)
    workspace.forward(weights, batch, steps: 0..<4)
    #expect(workspace.hidden.values == [1, 0, -1, 3])
    _ = workspace.loss(weights, batch, over: 0..<4, scale: 1)
    workspace.backward(weights, batch, into: gradients, clipper: clamp)
    #expect(clamp.didClip)
    // Σ δ_t x_t, Σ δ_t h_{t−1}, Σ δ_t, 2 h_T · h_T, and −2 δ_1.
    #expect(gradients["weight_ih_l0"].values == [-10 + 20 + 10 + 6])
    #expect(gradients["weight_hh_l0"].values == [10 + 0 - 6])
    #expect(gradients["bias_hh_l0"].values == [-10 + 10 - 10 + 6])
    #expect(gradients["head.weight"].values == [18])
    #expect(workspace.initialStateGradient[0].values == [20])
    clamp.reset()
    #expect(!clamp.didClip)
  }

  private func pass(
    _ text: String, limit: Double?, observer: (any BackwardObserver<Double>)? = nil
  ) throws -> (Parameters<Double>, PreactivationClipper<Double>?) {
    let specification = try CellSpecification(parsing: text)
    let configuration = ModelConfiguration(
      input: .values(3), target: .values(2), hidden: 5, layers: 2, learnsInitialState: true)
    let model = RecurrentModel(specification, configuration)
    let weights = PackedParameters(
      model, WindowPasses<Double>.parameters(model, specification))
    let batch = WindowPasses<Double>.batch(configuration, steps: 15, rows: Array(0..<4))
    let workspace = SequenceWorkspace<Double>(model: model, capacity: 30, rows: 4)
    let clamp = limit.map { PreactivationClipper<Double>(limit: $0) }
    let gradients = Parameters<Double>(model.layout)
    workspace.resetState(weights)
    workspace.forward(weights, batch, steps: 0..<30)
    _ = workspace.loss(weights, batch, over: 0..<30, scale: 1)
    workspace.backward(weights, batch, into: gradients, clipper: clamp, observer: observer)
    return (gradients, clamp)
  }
}
