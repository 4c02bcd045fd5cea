import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

@testable import UnrollGradientFlow

/// Rows whose last targets stand at different steps: each has its own lag 0.
@Suite struct DecayLengthsTests {
  private let lengths = [4, 8, 6]

  private let model = RecurrentModel(
    cell: LSTMCell(),
    ModelConfiguration(input: .values(2), target: .values(1), hidden: 5, layers: 2))

  /// The rows numbered `rows`, the same data for a row whatever rows are beside it.
  private func batch(_ rows: [Int]) -> Batch<Double> {
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: 8, rows: rows.count, input: .values(2), target: .values(1), supervised: 0..<8))
    for (place, row) in rows.enumerated() {
      var random = RandomNumbers(seed: 1, UInt64(row))
      for step in 0..<8 {
        let index = step * rows.count + place
        for column in 0..<2 { batch.inputs[index, column] = random.normal() }
        batch.targets[index, 0] = random.normal()
        batch.lossMask[0, index] = step < lengths[row] ? 1 : 0
      }
    }
    return batch
  }

  /// A row's norms do not depend on the rows beside it: bit for bit but for the order of sums in
  /// products of other sizes, some 20 units of 2.2e-16.
  @Test(arguments: LossPlacement.allCases) func rowsAreMeasuredEachForItself(_ loss: LossPlacement)
  {
    let parameters: Parameters<Double> = model.initialParameters(.xavier, seed: 2)
    let together = DecayCurve.measure(model, parameters, batch: batch([0, 1, 2]), lossAt: loss)
    // Furthest back first.
    for (place, row) in [1, 2, 0].enumerated() {
      let alone = DecayCurve.measure(model, parameters, batch: batch([row]), lossAt: loss)
      for (whole, single) in zip(together, alone) {
        #expect(whole.count == 8 && single.count == lengths[row])
        for lag in 0..<8 {
          let reaching = lengths.count { $0 > lag }
          #expect(whole.norms[lag].count == reaching)
          guard place < reaching else { continue }
          let (x, y) = (whole.norms[lag][place], single.norms[lag][0])
          #expect(abs(x - y) <= 1e-14 * y, "row \(row), lag \(lag): \(x) and \(y)")
        }
      }
    }
  }
}
