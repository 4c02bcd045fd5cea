import UnrollFileFormats
import UnrollRecurrentCells

/// Sequences of your own, each of up to T steps of I numbers, from memory or from a file
/// (safetensors, `.npz` or `.npy`):
///
/// | array | shape | content |
/// | --- | --- | --- |
/// | `x` | [T, N, I] | the inputs of N sequences, floating point |
/// | `y` | [N, O] or [T, N, O] | numbers to come close to, at the last step or at every step |
/// | `y` | [N] or [T, N] | classes to name instead, integers; −100 where there is no target |
/// | `lengths` | [N] | optional: the steps of each sequence, those beyond being padding |
///
/// Sequences come in their own order, wrapping around, or each pass over them in a seeded order. The
/// test goes over them in their own order once.
///
/// Two sequences of three steps, and the class of each:
///
///     let task = try ArraysTask(
///       inputs: ShapedArray(shape: [3, 2, 1], [0.1, 0.9, 0.2, 0.8, 0.3, 0.7]),
///       targets: .classes(ShapedArray(shape: [2], [0, 1])))
public struct ArraysTask: SequenceTask {
  private let arrays: SequenceArrays
  private let order: ShuffledOrder?
  /// The loss of the best constant answer: the squared error of the mean target, or the entropy of
  /// the class frequencies.
  public let baselineLoss: Double

  public var name: String { "arrays" }
  public var input: InputKind { arrays.input }
  public var target: TargetKind { arrays.target }
  public var baselineName: String {
    switch target {
    case .values: "mean target"
    case .classes: "class frequencies"
    }
  }
  /// N.
  public var sequenceCount: Int? { arrays.count }

  /// A task on sequences in memory, which are copied.
  ///
  /// - Parameters:
  ///   - inputs: `x` [T, N, I].
  ///   - targets: `y`.
  ///   - lengths: the steps of each of the N sequences, from 1 to T; nil is T for all.
  ///   - shuffle: whether each pass over the sequences is in an order of its own.
  ///   - seed: of these orders.
  ///   - classes: O for class targets; nil is the largest one plus 1.
  ///   - masksMissing: whether number targets of NaN are left out rather than refused.
  /// - Throws: ``TaskError/ArraysProblem`` for shapes that do not fit each other, numbers that are not
  ///   finite within a sequence's length, and classes or lengths out of range.
  public init(
    inputs: ShapedArray<Double>, targets: SequenceTargets, lengths: [Int]? = nil,
    shuffle: Bool = false, seed: UInt64 = 1, classes: Int? = nil, masksMissing: Bool = false
  ) throws(TaskError.ArraysProblem) {
    let sequences = try PaddedSequences(
      inputs, lengths: lengths.map { ShapedArray(shape: [$0.count], $0) }, targets: targets,
      masksMissing: masksMissing)
    self.init(
      try SequenceArrays(
        sequences, targets: targets, classes: classes, masksMissing: masksMissing),
      shuffle: shuffle, seed: seed)
  }

  /// A task on the sequences of the file at `path`, see `ArrayFile`.
  ///
  /// - Parameters:
  ///   - shuffle: whether each pass over the sequences is in an order of its own.
  ///   - seed: of these orders.
  ///   - classes: O for integer targets, a model's own; nil is the largest one in the file plus 1.
  ///   - targets: a file of `y` alone, beside one without it.
  ///   - masksMissing: whether number targets of NaN are left out rather than refused.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  public init(
    path: String, targets: String? = nil, shuffle: Bool = false, seed: UInt64,
    classes: Int? = nil, masksMissing: Bool = false
  ) throws {
    let arrays = try ArrayFile(path: path, targets: targets).checkingArrays { file in
      let (x, targets) = (try file.numbers("x"), try file.targets())
      return try SequenceArrays(
        PaddedSequences(
          x, lengths: file.lengths(), targets: targets, masksMissing: masksMissing),
        targets: targets, classes: classes, masksMissing: masksMissing)
    }
    self.init(arrays, shuffle: shuffle, seed: seed)
  }

  private init(_ arrays: SequenceArrays, shuffle: Bool, seed: UInt64) {
    self.arrays = arrays
    order = shuffle ? ShuffledOrder(count: arrays.count, seed: seed) : nil
    baselineLoss = arrays.baselineLoss
  }

  public func timeSteps(in split: Split, rows: Int) -> Int { arrays.steps }

  public func supervision(steps: Int) -> (supervised: Range<Int>, scored: Range<Int>) {
    (arrays.supervised, arrays.scored)
  }

  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    for row in 0..<batch.shape.rows {
      let position = location.sequence + row
      let index =
        location.split == .train ? order?.sequence(at: position) : nil
      arrays.fill(batch, row: row, with: index ?? position % arrays.count)
    }
  }
}
