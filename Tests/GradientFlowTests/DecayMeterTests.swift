import Testing
import UnrollDenseMath
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells

/// A meter that is kept between measurements.
struct DecayMeterTests {
  private static let shape = BatchShape(
    timeSteps: 40, rows: 7, input: .values(2), target: .values(1), supervised: 20..<40)

  /// Rows of different lengths, one of them without a target.
  private func batch() -> Batch<Double> {
    let batch = Batch<Double>(Self.shape)
    var random = RandomNumbers(seed: 3)
    batch.inputs.assign((0..<batch.inputs.count).map { _ in random.normal() })
    batch.targets.assign((0..<batch.targets.count).map { _ in random.normal() })
    for row in 0..<7 {
      for step in (row == 2 ? 0 : 5 + 2 * row)..<20 { batch.lossMask[0, step * 7 + row] = 0 }
    }
    return batch
  }

  @Test(arguments: CellKind.builtIn, LossPlacement.allCases)
  func measuresAnewEachTimeWhateverTheThreads(_ kind: CellKind, _ placement: LossPlacement) throws {
    let specification = CellSpecification(kind)
    let model = RecurrentModel(
      specification,
      ModelConfiguration(
        input: Self.shape.input, target: Self.shape.target, hidden: 9, layers: 2))
    let meters = [1, 2, 3, 20].map {
      DecayMeter(model, batch: batch(), lossAt: placement, threads: $0)
    }
    for seed: UInt64 in [1, 2, 1] {
      let parameters: Parameters<Double> = model.initialParameters(specification, seed: seed)
      let expected = GradientMeasurement.measure(
        model, parameters, batch: batch(), lossAt: placement
      ).curves
      #expect(expected[0].norms[0].count == 6)
      for meter in meters {
        let found = meter.curves(under: parameters)
        #expect(found.map(\.path) == expected.map(\.path))
        // Each number is one row's own, but for the order of sums in products of other sizes: some
        // hundred units of 2.2e-16.
        for (x, y) in zip(found, expected) {
          #expect(x.norms.map(\.count) == y.norms.map(\.count))
          for (x, y) in zip(x.norms.joined(), y.norms.joined()) { #expect(abs(x - y) <= 3e-14 * y) }
        }
      }
    }
  }
}
