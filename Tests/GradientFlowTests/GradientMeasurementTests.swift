import DenseMath
import FileFormats
import Foundation
import Optimisation
import RecurrentCells
import Testing

@testable import GradientFlow

@Suite struct GradientMeasurementTests {
  /// Every path of both layers, row by row, and every step's contribution.
  @Test(arguments: FlowGolden.cases)
  func matchesAutograd(_ kind: CellKind, inputs: String) throws {
    let golden = try FlowGolden(kind, inputs: inputs)
    let flow = GradientMeasurement.measure(golden.model, golden.parameters, batch: golden.batch)
    #expect(flow.curves.count == (kind == .lstm ? 6 : 4))
    for curve in flow.curves {
      let wanted = try golden.doubles("\(curve.path.rawValue)_l\(curve.layer)")
      // A dozen products of Jacobians of five units, at 2.2e-16 an operation.
      expectClose(curve.norms.flatMap { $0 }, wanted, within: 1e-13)
    }
    #expect(flow.contributions.count == 4)
    for curve in flow.contributions {
      let wanted = try golden.doubles("\(curve.weight.rawValue)_l\(curve.layer)")
      // Besides, rows that cancel: 2.2e-16 over the square of what remains, here above 0.05.
      expectClose(curve.norms, wanted, within: 1e-12)
    }
  }

  /// δ = s^k and h = 0 but for a bias' constant: the norms stay right where squares would not.
  @Test(arguments: [1e-8, 1e8]) func contributionsHoldFarOut(_ scale: Double) throws {
    let specification = try CellSpecification(
      parsing: "rnn/activation=identity/init=identity:\(scale)")
    let model = RecurrentModel(
      specification, ModelConfiguration(input: .values(1), target: .values(1), hidden: 3))
    let parameters: Parameters<Double> = model.initialParameters(specification, seed: 3)
    // The states stay 0, so that only the gradient grows.
    let batch = Batch<Double>(
      BatchShape(
        steps: 31, rows: 2, input: .values(1), target: .values(1), supervised: 30..<31))
    batch.targets.fill(1)
    batch.inputs.fill(0)
    let flow = GradientMeasurement.measure(model, parameters, batch: batch)
    let (recurrent, input) = (flow.contributions[0].norms, flow.contributions[1].norms)
    #expect(recurrent.allSatisfy { $0 == 0 } && input.allSatisfy { $0 == 0 })

    // With an input of 1 at the first step alone its contribution is δ itself: s^30 from lag 0.
    batch.inputs.rows(0..<2).fill(1)
    parameters["weight_ih_l0"].fill(0)
    let pulse = GradientMeasurement.measure(model, parameters, batch: batch)
    let first = try #require(pulse.curves[0].means.first)
    // Both rows are alike, so their mean is each one's.
    expectClose([pulse.contributions[1].norms[30]], [first * pow(scale, 30)], within: 1e-13)
  }
}
