import UnrollDenseMath
import UnrollFileFormats

/// The inputs of a file of arrays: `x` [T, N, I], and `lengths` [N] where its sequences are of
/// different lengths.
public struct SequenceInputs: Sendable {
  /// The file.
  public let path: String
  /// Whether the file has targets that are classes.
  public let hasClassTargets: Bool
  let sequences: PaddedSequences

  /// T, as stored.
  public var steps: Int { sequences.steps }
  /// N.
  public var count: Int { sequences.count }
  /// I.
  public var width: Int { sequences.width }
  /// The steps of each sequence.
  public var lengths: [Int] { sequences.lengths }
  /// [T, N·I].
  var values: Matrix<Double> { sequences.values }

  /// Reads the inputs of the file at `path`.
  ///
  /// - Parameter targets: a file of `y` alone, beside one without it.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  public init(path: String, targets: String? = nil) throws {
    let file = try ArrayFile(path: path, targets: targets)
    self.path = path
    sequences = try file.checkingArrays { file in
      try PaddedSequences(file.inputs(), lengths: file.lengths())
    }
    hasClassTargets = try file.contains("y") && !file.isFloatingPoint("y")
  }
}

/// Sequences of numbers, those shorter than T padded.
struct PaddedSequences: Sendable {
  /// T.
  let steps: Int
  /// N.
  let count: Int
  /// I.
  let width: Int
  /// The steps of each sequence.
  let lengths: [Int]
  /// [T, N·I]; what is not finite beyond a sequence's length, or after its last target, is 0.
  let values: Matrix<Double>

  /// - Parameters:
  ///   - x: [T, N, I].
  ///   - lengths: [N]; nil where no sequence is padded.
  ///   - targets: where these have no target any more, `x` does not matter; nil where all of it does.
  ///   - masksMissing: whether number targets of NaN are none.
  init(
    _ x: ShapedArray<Double>, lengths: ShapedArray<Int>?, targets: SequenceTargets? = nil,
    masksMissing: Bool = false
  ) throws(TaskError.ArraysProblem) {
    guard x.shape.count == 3 else { throw .shape(tensor: "x", expected: "[T, N, I]", got: x.shape) }
    guard x.shape.allSatisfy({ $0 > 0 }) else { throw .empty(tensor: "x") }
    (steps, count, width) = (x.shape[0], x.shape[1], x.shape[2])
    let lengths = try Self.checked(lengths, inputs: x.shape)
    self.lengths = lengths
    let read = targets?.stepsRead(steps: steps, count: count, masksMissing: masksMissing)
    let ends = read.map { zip($0, lengths).map { min($0, $1) } } ?? lengths
    var elements = x.elements
    for index in elements.indices where !elements[index].isFinite {
      let (step, sequence) = (index / width / count, index / width % count)
      guard step >= ends[sequence] else { throw .nonFinite(tensor: "x", index: index) }
      elements[index] = 0
    }
    values = Matrix(rows: steps, columns: count * width, elements)
  }

  private static func checked(
    _ lengths: ShapedArray<Int>?, inputs: [Int]
  ) throws(TaskError.ArraysProblem) -> [Int] {
    let (steps, count) = (inputs[0], inputs[1])
    guard let lengths else { return Array(repeating: steps, count: count) }
    guard lengths.shape == [count] else {
      if lengths.shape == [inputs[0]] {
        throw .batchFirst(
          tensor: "lengths", expected: "[\(count)]", got: lengths.shape, inputs: inputs)
      }
      throw .shape(tensor: "lengths", expected: "[\(count)]", got: lengths.shape)
    }
    for length in lengths.elements where !(1...steps).contains(length) {
      throw .lengthOutOfRange(tensor: "lengths", value: length, accepted: 1...steps)
    }
    return lengths.elements
  }
}
