import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells

extension Batch {
  /// The batch as a file of sequences has it, so that ``ArraysTask`` reads it back: `x` [T, N, I],
  /// `y`, `lengths` [N] where sequences are shorter than T, and for class targets their number
  /// `classes`.
  ///
  /// Class inputs are one-hot rows. Targets are [N] or [N, O] where each sequence has one at its last
  /// step alone, otherwise [T, N] or [T, N, O] with −100, or NaN, where there is none.
  ///
  /// - Parameter lengths: the steps of each sequence; nil for T.
  public func arrays(lengths: [Int]? = nil) -> [NamedArray] {
    let (steps, rows) = (shape.timeSteps, shape.rows)
    let lengths = lengths ?? Array(repeating: steps, count: rows)
    var arrays = [
      NamedArray("x", shape: [steps, rows, shape.input.width], inputNumbers),
      targets(lengths: lengths),
    ]
    if lengths.contains(where: { $0 < steps }) {
      arrays.append(NamedArray("lengths", shape: [rows], .integers(lengths.map(Int64.init))))
    }
    if case .classes(let count) = shape.target {
      arrays.append(NamedArray("classes", shape: [], .integers([Int64(count)])))
    }
    return arrays
  }

  private var inputNumbers: ArrayValues {
    guard case .classes(let width) = shape.input else { return ArrayValues(inputs.elements) }
    var rows = [Element](repeating: 0, count: inputClasses.count * width)
    for (place, index) in inputClasses.enumerated() { rows[place * width + Int(index)] = 1 }
    return ArrayValues(rows)
  }

  private func targets(lengths: [Int]) -> NamedArray {
    let (rows, first) = (shape.rows, shape.supervised.lowerBound)
    func hasTarget(_ step: Int, _ row: Int) -> Bool {
      shape.supervised.contains(step) && lossMask[0, (step - first) * rows + row] != 0
    }
    let atLastStep = lengths.enumerated().allSatisfy { row, length in
      shape.supervised.allSatisfy { hasTarget($0, row) == ($0 == length - 1) }
        && shape.supervised.contains(length - 1)
    }
    // The places of the array, row by row: a step and a sequence each.
    let places =
      atLastStep
      ? lengths.enumerated().map { (step: $1 - 1, row: $0) }
      : (0..<shape.timeSteps).flatMap { step in (0..<rows).map { (step, $0) } }
    let sizes = atLastStep ? [rows] : [shape.timeSteps, rows]
    func place(_ step: Int, _ row: Int) -> Int? {
      hasTarget(step, row) ? (step - first) * rows + row : nil
    }
    switch shape.target {
    case .classes:
      return NamedArray(
        "y", shape: sizes,
        .integers(
          places.map { step, row in
            place(step, row).map { Int64(targetClasses[$0]) } ?? Int64(SequenceArrays.noTarget)
          }))
    case .values(let width):
      return NamedArray(
        "y", shape: sizes + [width],
        ArrayValues(
          places.flatMap { step, row in
            let place = place(step, row)
            return (0..<width).map { column in place.map { targets[$0, column] } ?? .nan }
          }))
    }
  }
}

extension ArrayValues {
  /// Numbers in their own type.
  fileprivate init<Element: Scalar>(_ numbers: [Element]) {
    self = (numbers as? [Float]).map { .floats($0) } ?? .doubles(numbers.map(Double.init))
  }
}
