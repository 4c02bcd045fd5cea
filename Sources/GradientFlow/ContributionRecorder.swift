import Foundation
import UnrollDenseMath
import UnrollRecurrentCells

/// Takes each step's contribution to the weights' gradients without forming it: with the Gram
/// matrices of the gates' gradients D = δδᵀ and of the inputs X = xxᵀ [B, B],
///
///     ‖δᵀx‖²_F = Σ_{b,b′} D_{bb′} X_{bb′}.
///
/// Each δ and x is first scaled to a largest row norm near 1, so that no square under- or overflows.
/// Where rows cancel to a share s of their size, the norm is right to some 1e-16/s² of itself.
final class ContributionRecorder: BackwardObserver {
  private let model: RecurrentModel
  private let batch: Batch<Double>
  private let workspace: SequenceWorkspace<Double>
  private let rows: MeasuredRows
  private let shareOfRow: Double
  private let entry: GradientEntry
  private let recurrentSplit: RecurrentSplit
  private let inputSplit: InputSplit
  /// For each layer and weight, in order of lag.
  private var norms: [[ContributionCurve.Weight: [Double]]]

  /// - Parameter workspace: the one that runs the pass, whose states are the layers' inputs.
  init(
    _ model: RecurrentModel, _ measured: MeasuredBatch, _ workspace: SequenceWorkspace<Double>
  ) {
    self.model = model
    batch = measured.batch
    self.workspace = workspace
    rows = measured.rows
    shareOfRow = measured.shareOfRow
    entry = measured.entry
    recurrentSplit = RecurrentSplit(model.cell, hidden: model.configuration.hidden)
    inputSplit = InputSplit(model.cell, hidden: model.configuration.hidden)
    norms = Array(
      repeating: [.recurrent: [], .input: []], count: model.configuration.layers)
  }

  func observe(_ step: BackwardStep<Double>) {
    guard step.step <= rows.lastStep else { return }
    record(recurrentNorm(of: step), .recurrent, step)
    let input = Gram(of: inputSplit.parts.map { step.gateGradients.columns($0.columns) })
    record(input.productNorm(with: inputGram(of: step)), .input, step)
  }

  /// ‖δᵀx‖_F by W_hh, whose rows may multiply different x.
  private func recurrentNorm(of step: BackwardStep<Double>) -> Double {
    let hidden = model.configuration.hidden
    return recurrentSplit.parts.reduce(0) { norm, part in
      let deltas = Gram(of: [step.gateGradients.columns(part.rows)])
      let inputs =
        switch part.input {
        case .block(let index): step.gates.columns(index * hidden..<(index + 1) * hidden)
        case .previousHidden, .unused: workspace.state(after: step.step)[step.layer]
        }
      return hypot(norm, deltas.productNorm(with: Gram(of: [inputs])))
    }
  }

  private func inputGram(of step: BackwardStep<Double>) -> Gram {
    if step.layer > 0 { return Gram(of: [workspace.state(after: step.step + 1)[step.layer - 1]]) }
    let places = step.step * batch.shape.rows..<(step.step + 1) * batch.shape.rows
    return switch batch.shape.input {
    case .values: Gram(of: [batch.inputs.rows(places)])
    case .classes: Gram(ofOneHot: batch.inputClasses[places])
    }
  }

  private func record(
    _ norm: Double, _ weight: ContributionCurve.Weight, _ step: BackwardStep<Double>
  ) {
    norms[step.layer][weight]?.append(norm * shareOfRow)
  }

  var curves: [ContributionCurve] {
    norms.enumerated().flatMap { layer, curves in
      ContributionCurve.Weight.allCases.map {
        ContributionCurve(layer: layer, weight: $0, norms: curves[$0] ?? [], entry: entry)
      }
    }
  }
}

/// The inner products of a matrix's rows, over a power of two's square.
private struct Gram {
  /// [B, B].
  private let products: Matrix<Double>
  /// Rows were divided by 2^exponent.
  private let exponent: Int

  /// Of the rows of `parts` set side by side.
  init(of parts: [Matrix<Double>]) {
    let rows = parts.first?.rows ?? 0
    var norms = Array(repeating: 0.0, count: rows)
    var largest = 0.0
    for part in parts {
      part.rowNorms(into: &norms)
      largest = norms.reduce(largest, max)
    }
    exponent = largest.isFinite && largest > 0 ? Int(largest.exponent) : 0
    products = Matrix(rows: rows, columns: rows)
    for part in parts {
      let scaled = part.copy()
      // In two halves, since 2^1074 is not a Float64.
      scaled.scale(by: scalbn(1, -(exponent / 2)))
      scaled.scale(by: scalbn(1, -(exponent - exponent / 2)))
      products.formProduct(scaled, scaled, transposing: .right, adding: true)
    }
  }

  init(ofOneHot classes: ArraySlice<Int32>) {
    let classes = Array(classes)
    exponent = 0
    products = Matrix(rows: classes.count, columns: classes.count)
    for row in classes.indices {
      for column in classes.indices where classes[row] == classes[column] {
        products[row, column] = 1
      }
    }
  }

  /// ‖δᵀx‖_F of the matrices δ and x whose products these are.
  func productNorm(with other: Gram) -> Double {
    let terms = products.copy()
    terms.multiplyElements(by: other.products)
    let square = terms.values.reduce(0, +)
    // Rounding can leave a square just below zero; NaN stays NaN.
    return scalbn(square < 0 ? 0 : square.squareRoot(), exponent + other.exponent)
  }
}
