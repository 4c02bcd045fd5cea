import UnrollDenseMath

/// Batch normalization of one layer's pre-activations z, or of its activations (Ioffe & Szegedy 2015,
/// *Batch Normalization*):
///
///     ẑ = (z − μ)/√(v + ε),  u = γ ẑ + β
///
/// unit by unit, with μ and v the batch's mean and (biased) variance, or running ones for
/// evaluation. The running ones follow as in PyTorch, by a tenth of each new value, the variance
/// unbiased there.
final class BatchNormalization<Element: Scalar> {
  static var momentum: Double { 0.1 }

  /// ẑ and √(v + ε) as rows, [B, N].
  private let normalized: Matrix<Element>
  private let deviations: Matrix<Element>
  private let scratch: Matrix<Element>
  /// Row vectors, [1, N].
  private let mean: Matrix<Element>
  private let variance: Matrix<Element>
  private let row: Matrix<Element>
  private let epsilon: Element
  private var usesBatch = true

  init(rows: Int, width: Int, epsilon: Double) {
    self.epsilon = Element(epsilon)
    normalized = Matrix(rows: rows, columns: width)
    deviations = Matrix(rows: rows, columns: width)
    scratch = Matrix(rows: rows, columns: width)
    mean = Matrix(rows: 1, columns: width)
    variance = Matrix(rows: 1, columns: width)
    row = Matrix(rows: 1, columns: width)
  }

  /// outputs = γ ẑ + β for pre-activations z. `running` is read when `usesBatch` is false and
  /// otherwise follows the batch.
  func forward(
    _ preActivations: Matrix<Element>, scale: Matrix<Element>, shift: Matrix<Element>,
    running: (mean: Matrix<Element>, variance: Matrix<Element>)?, usesBatch: Bool,
    into outputs: Matrix<Element>
  ) {
    self.usesBatch = usesBatch
    if usesBatch {
      takeStatistics(of: preActivations, running: running)
    } else if let running {
      mean.assign(running.mean)
      variance.assign(running.variance)
    }
    center(preActivations)
    row.fill(epsilon)
    row.addElements(of: variance)
    scratch.fillRows(row)
    deviations.formSquareRoots(of: scratch)
    normalized.divideElements(by: deviations)
    outputs.fillRows(scale)
    outputs.multiplyElements(by: normalized)
    scratch.fillRows(shift)
    outputs.addElements(of: scratch)
  }

  /// normalized = z − μ.
  private func center(_ preActivations: Matrix<Element>) {
    row.assign(mean)
    row.scale(by: -1)
    normalized.fillRows(row)
    normalized.addElements(of: preActivations)
  }

  private func takeStatistics(
    of preActivations: Matrix<Element>, running: (mean: Matrix<Element>, variance: Matrix<Element>)?
  ) {
    let count = Element(preActivations.rows)
    mean.fill(0)
    mean.addColumnSums(of: preActivations)
    mean.scale(by: 1 / count)
    center(preActivations)
    normalized.multiplyElements(by: normalized.copy())
    variance.fill(0)
    variance.addColumnSums(of: normalized)
    variance.scale(by: 1 / count)
    guard let running else { return }
    let share = Element(Self.momentum)
    running.mean.scale(by: 1 - share)
    running.mean.add(mean, scale: share)
    running.variance.scale(by: 1 - share)
    running.variance.add(variance, scale: share * count / max(count - 1, 1))
  }

  /// Turns `gradient` from ∂L/∂u into ∂L/∂z, and adds ∂L/∂γ = Σ ∂L/∂u ⊙ ẑ and ∂L/∂β = Σ ∂L/∂u, sums
  /// over rows. With batch statistics
  ///
  ///     ∂L/∂z = (g − mean(g) − ẑ ⊙ mean(g ⊙ ẑ)) / √(v + ε),  g = γ ∂L/∂u.
  func backward(
    _ gradient: Matrix<Element>, scale: Matrix<Element>, scaleGradient: Matrix<Element>,
    shiftGradient: Matrix<Element>
  ) {
    shiftGradient.addColumnSums(of: gradient)
    scratch.assign(gradient)
    scratch.multiplyElements(by: normalized)
    scaleGradient.addColumnSums(of: scratch)

    scratch.fillRows(scale)
    gradient.multiplyElements(by: scratch)
    if usesBatch {
      let factor = -1 / Element(gradient.rows)
      mean.fill(0)
      mean.addColumnSums(of: gradient)
      mean.scale(by: factor)
      scratch.assign(gradient)
      scratch.multiplyElements(by: normalized)
      row.fill(0)
      row.addColumnSums(of: scratch)
      row.scale(by: factor)
      scratch.fillRows(row)
      scratch.multiplyElements(by: normalized)
      gradient.addElements(of: scratch)
      scratch.fillRows(mean)
      gradient.addElements(of: scratch)
    }
    gradient.divideElements(by: deviations)
  }
}
