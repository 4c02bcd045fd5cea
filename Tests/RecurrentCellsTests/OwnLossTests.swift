import Foundation
import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// A loss as a user of the library writes it: ln cosh of the error, mean over the outputs. Its
/// gradient is tanh of the error.
private struct LogCosh: Loss {
  let name = "ln cosh"

  func accepts(_ target: TargetKind) -> Bool {
    if case .values = target { true } else { false }
  }

  func evaluate<Element: Scalar>(
    _ outputs: Matrix<Element>, against targets: LossTargets<Element>, weights: Matrix<Element>,
    into rows: inout RowLosses
  ) {
    guard case .values(let targets) = targets else { return }
    outputs.add(targets, scale: -1)
    outputs.apply(.tanh, to: outputs)
    for row in 0..<outputs.rows {
      for column in 0..<outputs.columns {
        let slope = outputs[row, column]
        // ln cosh e = −½ ln(1 − tanh² e).
        rows.losses[row] -= 0.5 * log1p(-Double(slope * slope)) / Double(outputs.columns)
        outputs[row, column] = slope * weights[0, row] / Element(outputs.columns)
      }
    }
  }
}

/// A loss of classes that counts hits: 1 − p of the right class.
private struct MissedProbability: Loss {
  let name = "missed probability"
  let countsHits = true

  func accepts(_ target: TargetKind) -> Bool {
    if case .classes = target { true } else { false }
  }

  func evaluate<Element: Scalar>(
    _ outputs: Matrix<Element>, against targets: LossTargets<Element>, weights: Matrix<Element>,
    into rows: inout RowLosses
  ) {
    guard case .classes(let classes) = targets else { return }
    for (row, label) in classes.enumerated() {
      let powers = (0..<outputs.columns).map { exp(Double(outputs[row, $0])) }
      let shares = powers.map { $0 / powers.reduce(0, +) }
      let right = shares[Int(label)]
      rows.losses[row] = 1 - right
      rows.hits[row] = right == shares.max() ? 1 : 0
      for column in 0..<outputs.columns {
        let gradient = right * (shares[column] - (column == Int(label) ? 1 : 0))
        outputs[row, column] = weights[0, row] * Element(gradient)
      }
    }
  }
}

@Suite struct OwnLossTests {
  private func batch(_ target: TargetKind) -> Batch<Double> {
    let batch = Batch<Double>(
      BatchShape(timeSteps: 5, rows: 3, input: .values(2), target: target, supervised: 2..<5))
    var random = RandomNumbers(seed: 11)
    batch.inputs.assign((0..<batch.inputs.count).map { _ in random.normal() })
    if batch.targets.count > 0 {
      batch.targets.assign((0..<batch.targets.count).map { _ in random.normal() })
    }
    for index in batch.targetClasses.indices {
      batch.targetClasses[index] = Int32(random.integer(in: 0..<target.width))
    }
    // A row without a target at one step.
    batch.lossMask[0, 4] = 0
    return batch
  }

  private func model(_ target: TargetKind) -> RecurrentModel {
    RecurrentModel(
      CellSpecification(.lstm),
      ModelConfiguration(input: .values(2), target: target, hidden: 4, layers: 2))
  }

  private static let losses: [(any Loss, TargetKind)] = [
    (LogCosh(), .values(2)), (MissedProbability(), .classes(3)),
    (SquaredError(), .values(2)), (SoftmaxCrossEntropy(), .classes(3)),
  ]

  @Test(arguments: losses.indices) func checksOut(_ index: Int) {
    let (loss, target) = Self.losses[index]
    let model = model(target)
    let report = ModelCheck.run(
      model, model.initialParameters(.he, seed: 1), batch: batch(target), loss: loss)
    #expect(report.worst <= 1e-7, "\(loss.name): \(report.errors)")
    #expect(report.leftOut == 0)
  }

  /// The sum over rows with a weight, and hits over the scored ones.
  @Test func isSummedOverRowsWithAWeight() {
    let (model, batch) = (model(.classes(3)), batch(.classes(3)))
    let weights = PackedParameters<Double>(model, model.initialParameters(.he, seed: 1))
    func sum(_ loss: any Loss) -> LossSum {
      let workspace = SequenceWorkspace<Double>(model: model, capacity: 5, rows: 3, loss: loss)
      workspace.resetState(weights)
      workspace.forward(weights, batch, steps: 0..<5)
      return workspace.loss(weights, batch, over: 0..<5, scale: 1)
    }
    let (own, builtIn) = (sum(MissedProbability()), sum(SoftmaxCrossEntropy()))
    #expect(own.scored == 8 && builtIn.scored == 8)
    #expect(own.hits == builtIn.hits && own.accuracy == builtIn.accuracy)
    #expect(own.loss > 0 && own.loss < 8 && own.loss != builtIn.loss)
  }

  @Test func theTargetSaysWhichLossIsItsOwn() {
    #expect(TargetKind.values(2).loss.name == "squared error")
    #expect(TargetKind.classes(2).loss.name == "cross-entropy")
    #expect(!SquaredError().accepts(.classes(2)) && !SoftmaxCrossEntropy().accepts(.values(2)))
  }
}
