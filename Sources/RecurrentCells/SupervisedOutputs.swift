import UnrollDenseMath
import UnrollText

/// The readouts of a window's supervised steps and the loss over them, tile by tile.
final class SupervisedOutputs<Element: Scalar> {
  /// Over the tiles so far.
  private(set) var sum = LossSum()

  /// Elements of the outputs kept.
  var count: Int { outputs.count }

  /// Whether the gradients of all of a window's outputs are kept, or those of a tile alone.
  private let keepsAll: Bool
  private let target: TargetKind
  private let rows: Int
  /// [S·B, O] or a tile's: outputs, then their gradients.
  private let outputs: Matrix<Element>
  /// A tile's [1, S·B].
  private let rowWeights: Matrix<Element>
  private let function: any Loss
  private var rowLosses: RowLosses
  private var scale = Element(0)

  /// - Parameters:
  ///   - loss: nil for the target's own.
  ///   - steps: the most supervised steps of a window.
  init(
    _ model: RecurrentModel, loss: (any Loss)?, steps: Int, tileSteps: Int, rows: Int,
    keepsAll: Bool
  ) {
    target = model.configuration.target
    function = loss ?? target.loss
    require(function.accepts(target), "expected a loss for \(target), got \(function.name)")
    self.rows = rows
    self.keepsAll = keepsAll
    let tileRows = min(steps, tileSteps) * rows
    outputs = Matrix(rows: keepsAll ? steps * rows : tileRows, columns: target.width)
    rowWeights = Matrix(rows: 1, columns: tileRows)
    rowLosses = RowLosses(rows: tileRows, countsHits: function.countsHits)
  }

  /// Begins the loss over a window, whose gradient is multiplied by `scale`.
  func begin(scale: Double) {
    self.scale = Element(scale)
    sum = LossSum()
  }

  /// Adds the loss over the batch's steps `steps`, which are supervised, with these `hidden` states of
  /// the top layer.
  ///
  /// - Parameter first: the window's first supervised step.
  func add(
    _ steps: Range<Int>, first: Int, hidden: Matrix<Element>,
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>
  ) {
    evaluate(steps, first: first, hidden: hidden, weights, batch)
    let base = steps.lowerBound
    for index in 0..<steps.count * rows where rowWeights[0, index] != 0 {
      sum.loss += rowLosses.losses[index]
      sum.weightedLoss += Double(rowWeights[0, index]) * rowLosses.losses[index]
    }
    guard function.countsHits else { return }
    for step in batch.shape.scored.clamped(to: steps) {
      for index in (step - base) * rows..<(step + 1 - base) * rows where rowWeights[0, index] != 0 {
        sum.hits += Int(rowLosses.hits[index])
        sum.scored += 1
      }
    }
  }

  /// The gradients of the outputs of `steps`, which are formed again where they were not kept.
  func gradients(
    _ steps: Range<Int>, first: Int, hidden: Matrix<Element>,
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>
  ) -> Matrix<Element> {
    if !keepsAll { evaluate(steps, first: first, hidden: hidden, weights, batch) }
    return outputs(of: steps, first: first)
  }

  private func outputs(of steps: Range<Int>, first: Int) -> Matrix<Element> {
    let start = keepsAll ? (steps.lowerBound - first) * rows : 0
    return outputs.rows(start..<start + steps.count * rows)
  }

  private func evaluate(
    _ steps: Range<Int>, first: Int, hidden: Matrix<Element>,
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>
  ) {
    let parameters = weights.parameters
    let count = steps.count * rows
    let start = (steps.lowerBound - batch.shape.supervised.lowerBound) * rows
    let outputs = outputs(of: steps, first: first)
    let rowWeights = self.rowWeights.slice(0..<count)
    outputs.fillRows(parameters["head.bias"])
    outputs.formProduct(hidden, parameters["head.weight"], transposing: .right, adding: true)
    rowWeights.assign(batch.lossMask.slice(start..<start + count))
    rowWeights.scale(by: scale)
    rowLosses.reset(count)
    function.evaluate(
      outputs, against: targets(of: batch, start..<start + count), weights: rowWeights,
      into: &rowLosses)
  }

  private func targets(of batch: Batch<Element>, _ rows: Range<Int>) -> LossTargets<Element> {
    switch target {
    case .values: .values(batch.targets.rows(rows))
    case .classes: .classes(batch.targetClasses[rows])
    }
  }
}
