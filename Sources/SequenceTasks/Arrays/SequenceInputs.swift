import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells

/// The inputs of a file of arrays: `x` [T, N, I], and `lengths` [N] where its sequences are of
/// different lengths.
public struct SequenceInputs: Sendable {
  /// The file.
  public let path: String
  /// Whether the file has targets that are classes.
  public let hasClassTargets: Bool
  /// What the file has that is not read, a line each.
  package let notices: [String]
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

  /// Reads the inputs of the file at `path`. Targets are looked at for their shape, which tells inputs
  /// with N before T.
  ///
  /// - Parameter targets: a file of `y` alone, beside one without it, and at which steps they stand.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  public init(path: String, targets: TargetsChoice = TargetsChoice()) throws {
    let file = try ArrayFile(path: path, targets: targets.path)
    self.path = path
    notices = SequenceTensors.notices(of: file)
    sequences = try file.checkingArrays { file in
      let x = try file.inputs()
      if file.contains("y") {
        _ = try PlacedTargets(file.targets(), inputs: x.shape, placement: targets.placement)
      }
      let sequences = try PaddedSequences(x, lengths: file.lengths())
      for name in GradientSequences.names where file.contains(name) {
        try GradientSequences.check(file.numbers(name), name, of: sequences)
      }
      return sequences
    }
    hasClassTargets = try file.contains("y") && !file.isFloatingPoint("y")
  }
}

extension SequenceInputs {
  /// All sequences side by side, without targets.
  package func batch() -> Batch<Double> {
    sequences.batch(steps: steps)
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

  /// The sizes of a batch of all sequences up to step `steps`, without targets.
  func batchShape(steps: Int) -> BatchShape {
    BatchShape(
      timeSteps: steps, rows: count, input: .values(width), target: .values(0), supervised: 0..<0)
  }

  /// All sequences side by side up to step `steps`, without targets.
  func batch(steps: Int) -> Batch<Double> {
    let batch = Batch<Double>(batchShape(steps: steps))
    batch.inputs.reshaped(rows: steps, columns: values.columns).assign(values.rows(0..<steps))
    return batch
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
