import UnrollDenseMath

/// What a stack should output for each row, and the loss that measures the difference.
public enum FeedForwardTargets<Element: Scalar>: Sendable {
  /// scale · (1/O) Σ_j (y_j − target_j)², [B, O]: a scale of ½ with one output is ½(y − ŷ)².
  case values(Matrix<Element>, scale: Double = 1)
  /// Softmax cross-entropy with the right class of each row, in nats.
  case classes([Int32])
  /// Σ_j c_bj y_bj: `cotangents` [B, O] are the outputs' gradient, to examine a stack
  /// without a task.
  case cotangents(Matrix<Element>)
  /// ∂L/∂outputs [B, O] of a loss of one's own, as autograd gives it: of the loss itself, which is not
  /// known and NaN here.
  case gradient(Matrix<Element>)

  /// B.
  public var rows: Int {
    switch self {
    case .values(let targets, _): targets.rows
    case .classes(let classes): classes.count
    case .cotangents(let matrix), .gradient(let matrix): matrix.rows
    }
  }

  /// What the gradient of L has to be multiplied by for that of one row's loss ℓ_b: B where L is the
  /// mean of these, 1 where only L is known.
  var rowFactor: Double { if case .gradient = self { 1 } else { Double(rows) } }

  func rows(_ range: Range<Int>) -> FeedForwardTargets {
    switch self {
    case .values(let targets, let scale): .values(targets.rows(range), scale: scale)
    case .classes(let classes): .classes(Array(classes[range]))
    case .cotangents(let cotangents): .cotangents(cotangents.rows(range))
    case .gradient(let gradient): .gradient(gradient.rows(range))
    }
  }

  /// The mean loss over rows; `outputs` [B, O] is overwritten with ∂L/∂outputs.
  func loss(overwriting outputs: Matrix<Element>) -> Double {
    let rows = outputs.rows
    let weights = Matrix<Element>(rows: 1, columns: rows)
    weights.fill(Element(1 / Double(rows)))
    var losses = [Double](repeating: 0, count: rows)
    var factor = 1.0
    switch self {
    case .values(let targets, let scale):
      weights.scale(by: Element(scale))
      factor = scale
      outputs.squaredError(targets: targets, weights: weights, losses: &losses)
    case .classes(let classes):
      var hits = [UInt8](repeating: 0, count: rows)
      outputs.softmaxCrossEntropy(
        classes: classes[...], weights: weights, losses: &losses, hits: &hits)
    case .cotangents(let cotangents):
      outputs.multiplyElements(by: cotangents)
      losses = (0..<rows).map { row in outputs.rows(row..<row + 1).values.reduce(0, +) }
      outputs.assign(cotangents)
      outputs.scale(by: Element(1 / Double(rows)))
    case .gradient(let gradient):
      outputs.assign(gradient)
      return .nan
    }
    return factor * losses.reduce(0, +) / Double(rows)
  }
}
