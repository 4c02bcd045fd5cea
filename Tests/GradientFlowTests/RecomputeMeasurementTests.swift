import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

@testable import UnrollGradientFlow

/// Measurements with states that are run forward again, bit by bit those that keep all states.
struct RecomputeMeasurementTests {
  /// 100 rows, so that a tile holds 2 steps; rows of different lengths, one without a target.
  private func batch(_ steps: Int = 40) -> Batch<Double> {
    let rows = 100
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: steps, rows: rows, input: .values(2), target: .values(1),
        supervised: steps / 2..<steps))
    var random = RandomNumbers(seed: 3)
    batch.inputs.assign((0..<batch.inputs.count).map { _ in random.normal() })
    batch.targets.assign((0..<batch.targets.count).map { _ in random.normal() })
    for row in 0..<rows {
      for step in (row == 2 ? 0 : 5 + row % 13)..<steps / 2 {
        batch.lossMask[0, step * rows + row] = 0
      }
    }
    return batch
  }

  private func model(_ kind: CellKind) -> (RecurrentModel, Parameters<Double>) {
    let specification = CellSpecification(kind)
    let model = RecurrentModel(
      specification,
      ModelConfiguration(input: .values(2), target: .values(1), hidden: 9, layers: 2))
    return (model, model.initialParameters(specification, seed: 4))
  }

  private func bits(_ curves: [DecayCurve]) -> [[UInt64]] {
    curves.map { $0.norms.flatMap { $0.map(\.bitPattern) } }
  }

  @Test(arguments: CellKind.builtIn, LossPlacement.allCases)
  func curvesAreTheSame(_ kind: CellKind, _ placement: LossPlacement) {
    let (model, parameters) = model(kind)
    let batch = batch()
    let settings = [Recompute.every(1), .every(6), .memory(1)]
    for threads in 1...3 {
      func curves(_ recompute: Recompute) -> [[UInt64]] {
        let meter = DecayMeter(
          model, batch: batch, lossAt: placement, threads: threads, recompute: recompute)
        _ = meter.curves(under: parameters)
        return bits(meter.curves(under: parameters))
      }
      let wanted = curves(.auto)
      for setting in settings { #expect(curves(setting) == wanted, "\(setting)") }
    }
    let wanted = GradientMeasurement.measure(model, parameters, batch: batch, lossAt: placement)
    for setting in settings {
      let found = GradientMeasurement.measure(
        model, parameters, batch: batch, lossAt: placement, recompute: setting)
      #expect(found.loss == wanted.loss)
      #expect(bits(found.curves) == bits(wanted.curves))
      #expect(found.contributions.map(\.norms) == wanted.contributions.map(\.norms))
      #expect(found.gates.map(\.logProducts) == wanted.gates.map(\.logProducts))
      #expect(found.ranges.map(\.largest) == wanted.ranges.map(\.largest))
    }
  }

  @Test(arguments: CellKind.builtIn)
  func truncationIsTheSame(_ kind: CellKind) {
    let (model, parameters) = model(kind)
    let batch = batch()
    func biases(_ recompute: Recompute) -> [TruncationBias] {
      TruncationBias.measure(
        model, parameters, batch: batch, cuts: [1, 5, 17, 100],
        curves: DecayCurve.measure(model, parameters, batch: batch, recompute: recompute),
        recompute: recompute)
    }
    let wanted = biases(.auto)
    for setting in [Recompute.every(1), .every(6), .memory(1)] {
      #expect(biases(setting) == wanted, "\(setting)")
    }
  }

  /// Along one row a tile is 1,024 steps of 9 units.
  @Test(arguments: CellKind.builtIn)
  func exponentsAreTheSame(_ kind: CellKind) throws {
    let (model, parameters) = model(kind)
    let batch = batch()
    let lags = [1, 7, 30]
    for layer in 0..<2 {
      func spectrum(_ plan: RecomputePlan?) throws -> [Double] {
        try #require(
          LyapunovSpectrum.measure(
            model, parameters, batch: batch, layer: layer, steps: 5_000, warmUp: 900, count: 2,
            recompute: plan)
        ).exponents.map(\.mean)
      }
      let wanted = try spectrum(nil)
      for plan in [
        RecomputePlan.every(1, of: 5_000), RecomputePlan(segment: 1_024, checkpoints: 1),
      ] {
        #expect(try spectrum(plan) == wanted, "\(plan)")
        #expect(
          JacobianSpectrum.measure(
            model, parameters, batch: batch, layer: layer, lags: lags, recompute: plan
          ).logSingularValues
            == JacobianSpectrum.measure(model, parameters, batch: batch, layer: layer, lags: lags)
            .logSingularValues)
      }
    }
  }
}
