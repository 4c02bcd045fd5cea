import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells

/// One batch of a file that has the gradient by a model's outputs instead of targets:
///
/// | tensor | shape | content |
/// | --- | --- | --- |
/// | `x` | [T, B, I] | the inputs of B sequences |
/// | `lengths` | [B] | optional: the steps of each sequence |
/// | `g` | [T, B, H] | ∂L/∂(top layer's outputs): PyTorch's `out.grad` |
/// | `g_h`, `g_c` | [layers, B, H] | ∂L/∂(final states): `h_n.grad` and `c_n.grad` |
/// | `h_0`, `c_0` | [layers, B, H] | optional: the states that the rows start from; without one, zero |
///
/// At least one of the gradients; they add up. What `x` and `g` hold beyond a sequence's length is
/// padding, and not looked at. With neither `h_0` nor `c_0`, the rows start from the model's own state.
public struct GradientSequences: Sendable {
  /// The names of the gradients that the file may have.
  public static let names = ["g", "g_h", "g_c"]
  /// The names of the initial states that the file may have besides.
  static let stateNames = ["h_0", "c_0"]

  /// The file.
  public let path: String
  /// The gradients that the file has, in the order of ``names``, with their shapes.
  public let shapes: [(name: String, shape: [Int])]
  /// The initial states that the file has, with their shapes.
  package let stateShapes: [(name: String, shape: [Int])]
  /// T, B and the inputs; there are no targets.
  public let shape: BatchShape
  /// The number of rows whose gradient ends before their last step.
  public private(set) var earlyRows = 0
  /// Whether rows may end early because the file does not say their lengths: it has no `lengths`, and the
  /// gradient is not that of a maximum over steps, which ends anywhere.
  package private(set) var mayLackLengths = false
  /// Whether gradient enters at more than one step, but at no row's last one.
  package private(set) var lacksLastEntry = false
  /// What the file has that is not read, a line each.
  package let notices: [String]
  private let sequences: PaddedSequences
  /// Gradients and initial states.
  private let arrays: [String: ShapedArray<Double>]

  /// The names of the gradients that the file has, in the order of ``names``.
  public var given: [String] { shapes.map(\.name) }
  /// Each row's last step.
  package var lastSteps: [Int] { sequences.lengths.map { $0 - 1 } }

  /// Reads the file at `path`; nil for one that has none of the gradients.
  ///
  /// - Parameter targets: a file of `y` alone, which is refused beside gradients.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``: for shapes that do not fit `x`, numbers that
  ///   are not finite, gradients that are all zero, and targets beside gradients.
  public init?(path: String, targets: String? = nil) throws {
    let file = try ArrayFile(path: path, targets: targets)
    let given = Self.names.filter(file.contains)
    guard let first = given.first else { return nil }
    notices = SequenceTensors.notices(of: file)
    let states = Self.stateNames.filter(file.contains)
    let (sequences, arrays) = try file.checkingArrays { file in
      if file.contains("y") { throw TaskError.ArraysProblem.both(tensor: "y", and: first) }
      let sequences = try PaddedSequences(file.inputs(), lengths: file.lengths())
      var arrays: [String: ShapedArray<Double>] = [:]
      for name in given + states {
        let array = try file.numbers(name)
        try Self.check(array, name, of: sequences)
        arrays[name] = array
      }
      return (sequences, arrays)
    }
    self.path = path
    self.sequences = sequences
    self.arrays = arrays
    func shapes(_ names: [String]) -> [(name: String, shape: [Int])] {
      names.compactMap { name in arrays[name].map { (name, $0.shape) } }
    }
    self.shapes = shapes(given)
    stateShapes = shapes(states)
    shape = sequences.batchShape(steps: sequences.lengths.max() ?? sequences.steps)
    let entering = stateGradients()
    let entries = (0..<shape.rows).map(entering.entrySteps(ofRow:))
    let ends = entries.map(\.last)
    guard ends.contains(where: { $0 != nil }) else {
      throw TaskError.arrays(path: path, .noGradient(tensors: given))
    }
    earlyRows = zip(ends, lastSteps).count { end, last in end.map { $0 < last } ?? false }
    let lags = Set(zip(entries, lastSteps).flatMap { steps, last in steps.map { last - $0 } })
    lacksLastEntry = lags.count > 1 && !lags.contains(0)
    mayLackLengths =
      !file.contains("lengths")
      && !(entering.outputs.map { Self.isOfMaximum($0, entries) } ?? false)
  }

  /// Whether a gradient by outputs [T·B, H] is that of each unit's maximum over the steps: each of a
  /// row's units has it at one step, and these differ.
  private static func isOfMaximum(_ outputs: Matrix<Double>, _ entries: [[Int]]) -> Bool {
    let rows = entries.count
    return entries.contains { $0.count > 1 }
      && entries.enumerated().allSatisfy { row, steps in
        var counts = [Int](repeating: 0, count: outputs.columns)
        for step in steps {
          for unit in 0..<outputs.columns where outputs[step * rows + row, unit] != 0 {
            counts[unit] += 1
          }
        }
        return counts.allSatisfy { $0 <= 1 }
      }
  }

  static func check(
    _ array: ShapedArray<Double>, _ name: String, of x: PaddedSequences
  ) throws(TaskError.ArraysProblem) {
    let (shape, isByStep) = (array.shape, name == "g")
    let expected = isByStep ? "[\(x.steps), \(x.count), H]" : "[layers, \(x.count), H]"
    guard shape.count == 3, shape[1] == x.count, !isByStep || shape[0] == x.steps else {
      if isByStep, shape.count == 3, shape.prefix(2) == [x.count, x.steps] {
        throw .batchFirst(
          tensor: name, expected: expected, got: shape, inputs: [x.steps, x.count, x.width])
      }
      throw .shape(tensor: name, expected: expected, got: shape)
    }
    guard shape.allSatisfy({ $0 > 0 }) else { throw .empty(tensor: name) }
    for index in array.elements.indices where !array.elements[index].isFinite {
      let (step, row) = (index / (shape[1] * shape[2]), index / shape[2] % shape[1])
      if !isByStep || step < x.lengths[row] { throw .nonFinite(tensor: name, index: index) }
    }
  }

  /// The whole batch, with its ``Batch/stateGradients`` and ``Batch/initialState``.
  public func batch() -> Batch<Double> {
    let batch = sequences.batch(steps: shape.timeSteps)
    batch.stateGradients = stateGradients()
    batch.initialState = initialState()
    return batch
  }

  private func stateGradients() -> StateGradients<Double> {
    StateGradients(
      outputs: arrays["g"].map(outputs), finalHidden: arrays["g_h"].map(states),
      finalCell: arrays["g_c"].map(states), lastSteps: lastSteps)
  }

  /// h of each layer, then c; nil where the file has neither.
  private func initialState() -> [Matrix<Double>]? {
    let (hidden, cell) = (arrays["h_0"].map(states), arrays["c_0"].map(states))
    func zeros(like others: [Matrix<Double>]?) -> [Matrix<Double>]? {
      others?.map { Matrix(rows: $0.rows, columns: $0.columns) }
    }
    guard let hidden = hidden ?? zeros(like: cell) else { return nil }
    return hidden + (cell ?? [])
  }

  /// [T·B, H], 0 beyond each row's length.
  private func outputs(_ gradient: ShapedArray<Double>) -> Matrix<Double> {
    let (rows, hidden) = (shape.rows, gradient.shape[2])
    let all = Matrix<Double>(rows: gradient.shape[0] * rows, columns: hidden, gradient.elements)
    let result = Matrix<Double>(rows: shape.timeSteps * rows, columns: hidden)
    for (row, length) in sequences.lengths.enumerated() {
      for step in 0..<length {
        let place = step * rows + row
        result.rows(place..<place + 1).assign(all.rows(place..<place + 1))
      }
    }
    return result
  }

  /// [B, H] for each layer.
  private func states(_ array: ShapedArray<Double>) -> [Matrix<Double>] {
    let (rows, hidden) = (shape.rows, array.shape[2])
    return (0..<array.shape[0]).map { layer in
      let start = layer * rows * hidden
      return Matrix<Double>(
        rows: rows, columns: hidden, Array(array.elements[start..<start + rows * hidden]))
    }
  }
}
