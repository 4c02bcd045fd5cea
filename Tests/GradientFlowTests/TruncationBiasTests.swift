import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells

@testable import UnrollGradientFlow

@Suite struct TruncationBiasTests {
  /// Every parameter of every cell, cut after 1, 2, 5 and all steps, against detached states.
  @Test(arguments: FlowGolden.cases)
  func matchesAutograd(_ kind: CellKind, inputs: String) throws {
    let golden = try FlowGolden(kind, inputs: inputs)
    let curves = DecayCurve.measure(golden.model, golden.parameters, batch: golden.batch)
    let found = TruncationBias.measure(
      golden.model, golden.parameters, batch: golden.batch, cuts: [1, 2, 5, 12], curves: curves)
    #expect(found.count == 4 * (golden.model.layout.entries.count + 1))
    for bias in found {
      let wanted = try golden.doubles("cut_\(bias.steps)/\(bias.parameter)")
      let got = [bias.cosine, bias.normRatio, bias.relativeBias]
      for (x, y) in zip(got, wanted) {
        // Differences of numbers of size 1, after some thousand operations of 2.2e-16. PyTorch has
        // NaN where a gradient is zero.
        if y.isNaN { #expect(x == nil) } else { #expect(abs(try #require(x) - y) < 1e-12) }
      }
      if bias.steps == 12 { #expect(bias.predictedBias == 0 && bias.relativeBias == 0) }
    }
  }

  /// A linear cell with W_hh = s·I and one input of 1 at every step: ∂L/∂W_ih is a geometric sum, so
  /// that cutting after K steps leaves out exactly s^K (1 − s^(T−K))/(1 − s^T), as predicted.
  @Test func aGeometricDecayIsPredictedExactly() throws {
    let specification = try CellSpecification(parsing: "rnn/activation=identity/init=identity:0.8")
    let model = RecurrentModel(
      specification, ModelConfiguration(input: .values(1), target: .values(1), hidden: 4))
    let parameters: Parameters<Double> = model.initialParameters(specification, seed: 3)
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: 20, rows: 2, input: .values(1), target: .values(1), supervised: 19..<20))
    batch.inputs.fill(1)
    batch.targets.fill(3)
    let found = TruncationBias.measure(
      model, parameters, batch: batch, cuts: [1, 7, 19, 100],
      curves: DecayCurve.measure(model, parameters, batch: batch))
    for bias in found where bias.parameter == "weight_ih_l0" {
      let kept = Double(min(bias.steps, 20))
      let wanted = (pow(0.8, kept) - pow(0.8, 20)) / (1 - pow(0.8, 20))
      for value in [bias.relativeBias, bias.predictedBias, bias.normRatio.map { 1 - $0 }] {
        #expect(abs(try #require(value) - wanted) < 1e-14)
      }
      #expect(abs(try #require(bias.cosine) - 1) < 1e-14)
    }
  }

  /// Rows of different lengths are each cut at their own last step.
  @Test func rowsOfDifferentLengthsAreCutEachForItself() throws {
    let model = RecurrentModel(
      cell: LSTMCell(), ModelConfiguration(input: .values(2), target: .values(1), hidden: 4))
    let parameters: Parameters<Double> = model.initialParameters(.xavier, seed: 2)
    func gradient(_ rows: [(length: Int, seed: UInt64)], cut: Int) -> [TruncationBias] {
      let batch = Batch<Double>(
        BatchShape(
          timeSteps: 9, rows: rows.count, input: .values(2), target: .values(1), supervised: 0..<9))
      for (row, (length, seed)) in rows.enumerated() {
        var random = RandomNumbers(seed: seed)
        for step in 0..<9 {
          let index = step * rows.count + row
          for column in 0..<2 { batch.inputs[index, column] = random.normal() }
          batch.targets[index, 0] = random.normal()
          batch.lossMask[0, index] = step < length ? 1 : 0
        }
      }
      return TruncationBias.measure(
        model, parameters, batch: batch, cuts: [cut], curves: [])
    }
    // A row beside a copy of itself, padded differently, has the gradient of the row alone.
    let alone = gradient([(9, 1)], cut: 3)
    let short = gradient([(5, 1), (5, 1)], cut: 3)
    let shortAlone = gradient([(5, 1)], cut: 3)
    for (x, y) in zip(short, shortAlone) {
      #expect(abs(try #require(x.relativeBias) - (try #require(y.relativeBias))) < 1e-14)
    }
    #expect(alone != shortAlone)
    #expect(gradient([(9, 1), (5, 2)], cut: 9).allSatisfy { $0.relativeBias == 0 })
  }
}
