import UnrollDenseMath

extension Batch {
  /// A batch of some rows' own.
  ///
  /// - Parameter newMask: instead of this batch's, where given.
  package func copy(ofRows rows: Range<Int>, lossMask newMask: Matrix<Element>? = nil) -> Batch {
    var shape = self.shape
    shape.rows = rows.count
    let result = Batch(shape)
    let (steps, supervised) = (shape.timeSteps, shape.supervised.count)
    Self.copy(rows, of: inputs, to: result.inputs, places: steps)
    Self.copy(rows, of: targets, to: result.targets, places: supervised)
    Self.copy(rows, of: newMask ?? lossMask, to: result.lossMask, places: supervised)
    result.inputClasses = classes(of: rows, in: inputClasses)
    result.targetClasses = classes(of: rows, in: targetClasses)
    result.stateGradients = stateGradients?.ofRows(rows)
    result.initialState = initialState?.map { $0.rows(rows).copy() }
    return result
  }

  /// Copies the rows' part of each of `places` blocks.
  private static func copy(
    _ rows: Range<Int>, of source: Matrix<Element>, to target: Matrix<Element>, places: Int
  ) {
    guard target.count > 0 else { return }
    let width = target.count / places / rows.count
    target.reshaped(rows: places, columns: rows.count * width).assign(
      source.reshaped(rows: places, columns: source.count / places)
        .columns(rows.lowerBound * width..<rows.upperBound * width))
  }

  private func classes(of rows: Range<Int>, in source: [Int32]) -> [Int32] {
    stride(from: 0, to: source.count, by: shape.rows).flatMap { first in
      source[first + rows.lowerBound..<first + rows.upperBound]
    }
  }
}
