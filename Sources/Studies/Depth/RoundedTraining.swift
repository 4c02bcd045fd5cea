import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollGradientFlow
import UnrollOptimization

/// Trains a small tanh classifier by gradient descent with the result of every operation rounded to a
/// number format, as a program does whose arrays are all of that format. Sums within a product are kept
/// exactly, as hardware keeps them in a wider format.
///
///     z_i = h_{i−1} W_iᵀ + b_i,  h_i = tanh z_i,  p = softmax of the readout
///     ∂L/∂y = (p − t)·c·S/B,  ∂L/∂h_{i−1} = ∂L/∂z_i W_i,  ∂L/∂z_i = ∂L/∂h_i (1 − h_i²)
///     θ ← θ − η/(c·S) ∂L/∂θ
///
/// c is a factor of the loss, as another unit would be, and S the factor of loss scaling (Micikevicius et
/// al. 2018, *Mixed precision training*). The rate undoes both, so that without rounding neither changes
/// anything.
package struct RoundedTraining {
  /// What the pass computes with.
  package let format: NumberFormat
  /// What the weights are kept in; the pass rounds them to ``format``.
  package let weightFormat: NumberFormat
  /// c.
  package var lossFactor = 1.0
  /// S.
  package var lossScale = 1.0
  /// η.
  package var rate = 1.0

  package init(_ format: NumberFormat, weights: NumberFormat? = nil) {
    self.format = format
    weightFormat = weights ?? format
  }

  /// What a training leaves.
  package struct Outcome: Sendable {
    /// The mean loss before each update and after the last, without c and S; infinite from the update on whose
    /// gradient is not finite.
    package var losses: [Double] = []
    /// The weights at the end.
    package let parameters: Parameters<Double>
    /// The elements of the first update's gradients ∂L/∂z_i and ∂L/∂θ, with c and S.
    package var firstGradients: [Double] = []
    /// The first update's gradient by the readout's outputs, with c and S.
    package var firstOutputGradient: [Double] = []
    /// Updates made.
    package var updates = 0
    /// The weights that updates left as they were, because the change was 0 or rounded away, each counted in each
    /// update.
    var unmovedCount = 0
    /// The same as a share of all weights in all updates.
    package var unmoved: Double {
      Double(unmovedCount) / Double(max(updates, 1) * parameters.values.count)
    }
    /// Whether a gradient was not finite.
    package var brokeOff = false
  }

  /// Makes `updates` updates on all rows of `data`, whose targets are `classes`.
  ///
  /// - Parameter network: layers of tanh with biases, and a readout.
  package func run(
    _ network: FeedForwardNetwork, _ start: Parameters<Double>, inputs: Matrix<Double>,
    classes: [Int32], updates: Int
  ) -> Outcome {
    let pass = RoundedPass(network, rows: inputs.rows, format: format)
    pass.hidden[0].assign(inputs)
    pass.hidden[0].round(to: format)
    let weights = start.copy()
    weights.values.round(to: weightFormat)
    var outcome = Outcome(parameters: weights)
    for update in 0..<updates {
      outcome.losses.append(
        pass.run(weights, classes: classes, factor: lossFactor * lossScale))
      if update == 0 {
        outcome.firstGradients = pass.gradients
        outcome.firstOutputGradient = pass.deltas[network.depth].values
      }
      guard pass.gradient.values.isFinite else {
        outcome.brokeOff = true
        let left = updates + 1 - outcome.losses.count
        outcome.losses += Array(repeating: .infinity, count: left)
        return outcome
      }
      let change = pass.gradient.values
      change.scale(by: rate / (lossFactor * lossScale))
      change.round(to: weightFormat)
      let before = weights.values.values
      weights.values.add(change, scale: -1)
      weights.values.round(to: weightFormat)
      outcome.unmovedCount += zip(before, weights.values.values).count { $0 == $1 }
      outcome.updates += 1
    }
    outcome.losses.append(pass.run(weights, classes: classes, factor: lossFactor * lossScale))
    return outcome
  }
}

/// One forward and backward pass in a number format, with the memory for it.
private final class RoundedPass {
  let network: FeedForwardNetwork
  let format: NumberFormat
  /// h_0 … h_D.
  let hidden: [Matrix<Double>]
  /// ∂L/∂z_1 … ∂L/∂z_D, and that of the readout's outputs.
  let deltas: [Matrix<Double>]
  /// The weights in ``format``.
  let weights: Parameters<Double>
  let gradient: Parameters<Double>

  init(_ network: FeedForwardNetwork, rows: Int, format: NumberFormat) {
    self.network = network
    self.format = format
    let sizes = network.widths + [network.outputs ?? 1]
    hidden = ([network.inputs] + network.widths).map { Matrix(rows: rows, columns: $0) }
    deltas = sizes.map { Matrix(rows: rows, columns: $0) }
    weights = Parameters(network.layout)
    gradient = Parameters(network.layout)
  }

  private func names(_ index: Int) -> (weight: String, bias: String) {
    let layer = index < network.depth ? "layers.\(index)" : "head"
    return ("\(layer).weight", "\(layer).bias")
  }

  /// Sets ``gradient`` to that of `factor` times the mean loss, and gives the loss.
  func run(_ parameters: Parameters<Double>, classes: [Int32], factor: Double) -> Double {
    weights.values.assign(parameters.values)
    weights.values.round(to: format)
    let depth = network.depth
    let outputs = deltas[depth]
    for index in 0...depth {
      let target = index < depth ? hidden[index + 1] : outputs
      target.fillRows(weights[names(index).bias])
      target.formProduct(
        hidden[index], weights[names(index).weight], transposing: .right, adding: true)
      target.round(to: format)
      guard index < depth else { break }
      target.apply(.tanh, to: target.copy())
      target.round(to: format)
    }
    let loss = formOutputGradient(classes, factor: factor)
    for index in (0...depth).reversed() {
      let (weight, bias) = names(index)
      gradient[weight].formProduct(deltas[index], hidden[index], transposing: .left)
      gradient[bias].fill(0)
      gradient[bias].addColumnSums(of: deltas[index])
      guard index > 0 else { break }
      deltas[index - 1].formProduct(deltas[index], weights[weight])
      deltas[index - 1].round(to: format)
      deltas[index - 1].multiplyElements(by: slopes(of: hidden[index]))
      deltas[index - 1].round(to: format)
    }
    gradient.values.round(to: format)
    return loss
  }

  /// 1 − h².
  private func slopes(of outputs: Matrix<Double>) -> Matrix<Double> {
    let squares = outputs.copy()
    squares.multiplyElements(by: outputs)
    squares.round(to: format)
    squares.withElements { for place in $0.indices { $0[place] = 1 - $0[place] } }
    squares.round(to: format)
    return squares
  }

  /// Turns the readout's outputs into their gradient.
  private func formOutputGradient(_ classes: [Int32], factor: Double) -> Double {
    let outputs = deltas[network.depth]
    let rows = outputs.rows
    let ones = Matrix<Double>(rows: 1, columns: rows)
    ones.fill(1)
    var losses = [Double](repeating: 0, count: rows)
    var hits = [UInt8](repeating: 0, count: rows)
    outputs.softmaxCrossEntropy(
      classes: classes[...], weights: ones, losses: &losses, hits: &hits)
    outputs.round(to: format)
    outputs.scale(by: factor / Double(rows))
    outputs.round(to: format)
    return losses.reduce(0, +) / Double(rows)
  }

  /// ∂L/∂z_i and ∂L/∂θ.
  var gradients: [Double] { deltas.flatMap(\.values) + gradient.values.values }
}

extension Matrix<Double> {
  fileprivate func round(to format: NumberFormat) {
    guard format != .float64 else { return }
    withElements { for place in $0.indices { $0[place] = format.rounded($0[place]) } }
  }
}
