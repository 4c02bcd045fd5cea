import Foundation
import UnrollDenseMath
import UnrollRecurrentCells

/// Records the gradient norms of a batch's rows, or of some of them, during the backward pass.
final class NormRecorder: BackwardObserver {
  let table: NormTable
  private let firstRow: Int
  private let cell: any Cell
  private let hidden: Int
  private var hiddenNorms: [Double]
  private var cellNorms: [Double]
  /// For each layer, the norms of what reaches c_t through c_{t+1}.
  private var carryNorms: [[Double]]
  /// ∂ℓ/∂c_t times the gate that carries c [B, H].
  private let carry: Matrix<Double>
  /// The gradient that the observed rows have been given, part of which may enter by the final c.
  private let given: StateGradients<Double>?

  /// - Parameters:
  ///   - rows: those of the batch that the observed pass is over.
  ///   - given: the gradient that these rows have been given.
  init(_ table: NormTable, rows: Range<Int>, given: StateGradients<Double>?) {
    self.given = given
    self.table = table
    firstRow = rows.lowerBound
    cell = table.model.cell
    hidden = table.model.configuration.hidden
    hiddenNorms = Array(repeating: 0, count: rows.count)
    cellNorms = hiddenNorms
    carryNorms = Array(repeating: hiddenNorms, count: table.model.configuration.layers)
    carry = Matrix(rows: cell.carryGate == nil ? 0 : rows.count, columns: hidden)
  }

  /// Forgets the last pass.
  func reset() {
    for layer in carryNorms.indices {
      for row in carryNorms[layer].indices { carryNorms[layer][row] = 0 }
    }
  }

  func observe(_ step: BackwardStep<Double>) {
    step.hiddenGradient.rowNorms(into: &hiddenNorms)
    record(hiddenNorms, .hidden, step)
    guard let gradient = step.cellGradient else { return record(hiddenNorms, .state, step) }
    gradient.rowNorms(into: &cellNorms)
    record(cellNorms, .cell, step)
    guard let gate = cell.carryGate else { return }
    recordFinalCell(step)
    for row in hiddenNorms.indices {
      hiddenNorms[row] = hypot(hiddenNorms[row], carryNorms[step.layer][row])
    }
    record(hiddenNorms, .state, step)
    carry.assign(step.gates.columns(gate * hidden..<(gate + 1) * hidden))
    carry.multiplyElements(by: gradient)
    carry.rowNorms(into: &carryNorms[step.layer])
  }

  /// Of a row that ends with this step, c gets what it has been given.
  private func recordFinalCell(_ step: BackwardStep<Double>) {
    guard let given, let finalCell = given.finalCell else { return }
    for (row, last) in given.lastSteps.enumerated() where last == step.step {
      carryNorms[step.layer][row] = finalCell[step.layer].rows(row..<row + 1).norm
    }
  }

  private func record(_ values: [Double], _ path: DecayPath, _ step: BackwardStep<Double>) {
    table.record(values, from: firstRow, path, layer: step.layer, step: step.step)
  }
}
