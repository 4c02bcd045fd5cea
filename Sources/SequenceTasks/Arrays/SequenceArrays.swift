import UnrollDenseMath
import UnrollRecurrentCells

/// N sequences in memory: inputs, targets, and where there are targets.
struct SequenceArrays: Sendable {
  /// N.
  let count: Int
  /// T, the steps of the longest sequence.
  let steps: Int
  /// The steps of each sequence.
  let lengths: [Int]
  let input: InputKind
  var target: TargetKind
  /// The steps at which some sequence has a target.
  let supervised: Range<Int>
  /// [T, N·I].
  let inputs: Matrix<Double>
  /// [S, N·O], S supervised steps; no rows for class targets.
  let targets: Matrix<Double>
  /// [S·N]; empty for number targets.
  let targetClasses: [Int32]
  /// [S, N]: 1 where there is a target, otherwise 0.
  let weights: Matrix<Double>
  /// Whether the targets fit another placement as well, and nobody said which is meant.
  let hasAmbiguousTargets: Bool
  /// The file that they were read from; nil for arrays in memory.
  var path: String?
  /// What may have been meant otherwise, a line each.
  var notices: [String] = []

  /// The same sequences with another number of classes, of which no target is beyond.
  func withClasses(_ count: Int) -> SequenceArrays {
    var arrays = self
    arrays.target = .classes(count)
    return arrays
  }

  /// Accuracy is counted wherever there is a class to be right about.
  var scored: Range<Int> {
    if case .classes = target { supervised } else { steps..<steps }
  }

  /// Writes sequence `index` into row `row` of `batch`.
  func fill<Element>(_ batch: Batch<Element>, row: Int, with index: Int) {
    copy(inputs, to: batch.inputs)
    copy(weights, to: batch.lossMask)
    switch target {
    case .values: copy(targets, to: batch.targets)
    case .classes:
      for step in 0..<supervised.count {
        batch.targetClasses[step * batch.shape.rows + row] = targetClasses[step * count + index]
      }
    }

    func copy(_ source: Matrix<Double>, to matrix: Matrix<Element>) {
      let width = source.columns / count
      matrix.reshaped(rows: source.rows, columns: batch.shape.rows * width)
        .columns(row * width..<(row + 1) * width)
        .assign(rounding: source.columns(index * width..<(index + 1) * width))
    }
  }
}
