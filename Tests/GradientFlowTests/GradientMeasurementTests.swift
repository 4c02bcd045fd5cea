import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells

@testable import UnrollGradientFlow

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
        timeSteps: 31, rows: 2, input: .values(1), target: .values(1), supervised: 30..<31))
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

  /// The forget gates' and update gates' products, and the share of the decay they explain.
  @Test(arguments: FlowGolden.cases)
  func gatesMatchPyTorch(_ kind: CellKind, inputs: String) throws {
    let golden = try FlowGolden(kind, inputs: inputs)
    let flow = GradientMeasurement.measure(golden.model, golden.parameters, batch: golden.batch)
    #expect(flow.gates.count == (kind == .rnn ? 0 : 2))
    for curve in flow.gates {
      let wanted = try golden.doubles("gate_l\(curve.layer)")
      // At most a dozen logarithms of size 1 are added.
      expectClose(curve.logProducts, wanted, within: 1e-14)
      let path = kind == .lstm ? "c" : "h"
      let norms = try golden.doubles("\(path)_l\(curve.layer)")
      let means = (0..<12).map { lag in (0..<3).reduce(0) { $0 + norms[3 * lag + $1] } / 3 }
      for (lag, share) in curve.shares.enumerated() {
        let decay = log(means[lag] / means[0])
        guard abs(decay) >= log(2) else {
          #expect(share == nil)
          continue
        }
        // A decay of at least 0.69 whose norms are right to 1e-13.
        expectClose([try #require(share)], [wanted[lag] / decay], within: 1e-12)
      }
    }
  }

  /// s·I with equal head weights: every element is head · s^k, so that float16 holds it as a normal
  /// number while s^k > 2^-14, and half of all elements become subnormal in float32 together.
  @Test func elementsRunOutOfTheFormats() throws {
    let specification = try CellSpecification(parsing: "rnn/activation=identity/init=identity:0.5")
    let model = RecurrentModel(
      specification, ModelConfiguration(input: .values(1), target: .values(1), hidden: 2))
    let parameters: Parameters<Double> = model.initialParameters(specification, seed: 3)
    parameters["head.weight"].assign([1, 0x1p-20])
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: 160, rows: 2, input: .values(1), target: .values(1), supervised: 159..<160))
    batch.inputs.fill(0)
    // ∂ℓ/∂h = 2 (prediction − y) · head, with a prediction of the head's bias.
    batch.targets.fill(parameters["head.bias"][0, 0] - 0.5)
    let ranges = GradientMeasurement.measure(model, parameters, batch: batch).ranges
    let curve = try #require(ranges.first)
    #expect(ranges.count == 1)
    // Rounding of y and of the prediction.
    expectClose(
      Array(curve.largest.prefix(150)), (0..<150).map { pow(0.5, Double($0)) }, within: 1e-14)
    #expect(curve.limits(of: .float16).belowNormal == 15)
    #expect(curve.limits(of: .float32).belowNormal == 127)
    // The smaller element is subnormal from lag 107 and zero from 130, the larger from 127 and 150.
    let shares = [106: 0, 108: 0.5, 126: 0.5, 128: 1, 131: 0.5, 148: 0.5, 151: 0]
    for (lag, share) in shares { #expect(curve.subnormalShares[lag] == share, "lag \(lag)") }
  }
}
