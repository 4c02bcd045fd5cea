import Foundation
import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollTestSupport

@testable import UnrollGradientFlow

/// The gradient at lag 0 let through the gates that carry the state, each unit through its own.
struct GatesAloneTests {
  /// Without W_ih and W_hh the forget gates are σ(b), c stays 0, and nothing but the gates passes gradient on.
  @Test func withoutOtherWeightsTheGatesAreAllThereIs() throws {
    let model = RecurrentModel(
      CellSpecification(.lstm),
      ModelConfiguration(input: .values(1), target: .values(1), hidden: 2))
    let parameters = Parameters<Double>(model.layout)
    // The blocks i, f, g, o.
    parameters["bias_ih_l0"].assign([0, 0, 3, -1, 0, 0, 0, 0])
    parameters["head.weight"].assign([1, 4])
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: 12, rows: 2, input: .values(1), target: .values(1), supervised: 11..<12))
    batch.inputs.fill(0)
    batch.targets.fill(1)
    batch.lossMask.fill(1)
    let found = GradientMeasurement.measure(model, parameters, batch: batch)
    let gates = try #require(found.gates.first)
    let open = [3.0, -1].map { 1 / (1 + exp(-$0)) }
    expectClose(gates.unitGates, open, within: 1e-14)
    let left = (0..<12).map { lag in
      log(hypot(pow(open[0], Double(lag)), 4 * pow(open[1], Double(lag))) / hypot(1, 4))
    }
    expectClose(gates.logCarried, left, within: 1e-13)
    expectClose(gates.logDecays, left, within: 1e-13)
    // The mean over units says less.
    let mean = (log(open[0]) + log(open[1])) / 2
    expectClose(gates.logProducts, (0..<12).map { Double($0) * mean }, within: 1e-13)
    #expect(gates.logProducts[11] < gates.logCarried[11] - 3)
  }

  /// For a cell without c, the gradient by h goes through the update gates.
  @Test func theGRUPassesHThroughItsUpdateGate() throws {
    let model = RecurrentModel(
      CellSpecification(.gru),
      ModelConfiguration(input: .values(1), target: .values(1), hidden: 2))
    let parameters = Parameters<Double>(model.layout)
    // The blocks r, z, n.
    parameters["bias_ih_l0"].assign([0, 0, 2, 0, 0, 0])
    parameters["head.weight"].assign([1, 1])
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: 6, rows: 1, input: .values(1), target: .values(1), supervised: 5..<6))
    batch.inputs.fill(0)
    batch.targets.fill(1)
    batch.lossMask.fill(1)
    let gates = try #require(
      GradientMeasurement.measure(model, parameters, batch: batch).gates.first)
    let open = [2.0, 0].map { 1 / (1 + exp(-$0)) }
    expectClose(gates.unitGates, open, within: 1e-14)
    expectClose(
      gates.logCarried,
      (0..<6).map {
        log(hypot(pow(open[0], Double($0)), pow(open[1], Double($0))) / 2.0.squareRoot())
      },
      within: 1e-13)
  }
}
