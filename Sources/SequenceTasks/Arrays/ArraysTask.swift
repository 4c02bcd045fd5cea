import UnrollFileFormats
import UnrollRecurrentCells

/// Sequences of your own, each of up to T steps of I numbers, from memory or from a safetensors file:
///
/// | tensor | shape | content |
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
  /// The number of sequences used.
  private let count: Int
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
  public var sequenceCount: Int? { count }
  public var modelMetadata: [String: String] {
    [DataSplit.metadataKey: DataSplit(count: count, training: count).encoded]
  }

  /// A task on sequences in memory, which are copied.
  ///
  /// - Parameters:
  ///   - inputs: `x` [T, N, I].
  ///   - targets: `y`.
  ///   - lengths: the steps of each of the N sequences, from 1 to T; nil is T for all.
  ///   - shuffle: whether each pass over the sequences is in an order of its own.
  ///   - seed: of these orders.
  ///   - classes: O for class targets; nil is the largest one plus 1.
  /// - Throws: ``TaskError/ArraysProblem`` for shapes that do not fit each other, numbers that are not
  ///   finite, and classes or lengths out of range.
  public init(
    inputs: ShapedArray<Double>, targets: SequenceTargets, lengths: [Int]? = nil,
    shuffle: Bool = false, seed: UInt64 = 1, classes: Int? = nil
  ) throws(TaskError.ArraysProblem) {
    let sequences = try PaddedSequences(
      inputs, lengths: lengths.map { ShapedArray(shape: [$0.count], $0) })
    self.init(
      try SequenceArrays(sequences, targets: targets, classes: classes), shuffle: shuffle,
      seed: seed)
  }

  /// A task on the sequences of the safetensors file at `path`.
  ///
  /// - Parameters:
  ///   - shuffle: whether each pass over the sequences is in an order of its own.
  ///   - seed: of these orders.
  ///   - classes: O for integer targets, a model's own; nil is the largest one in the file plus 1.
  ///   - split: how many sequences a run has used, those behind being left out; nil uses all.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``,
  ///   ``TaskError/shorterThanRecorded(path:count:recorded:)``.
  public init(
    path: String, shuffle: Bool = false, seed: UInt64, classes: Int? = nil, split: DataSplit? = nil
  ) throws {
    let arrays = try SafetensorsFile(path: path).checkingArrays { file in
      try SequenceArrays(
        PaddedSequences(file.numbers("x"), lengths: file.lengths()), targets: file.targets(),
        classes: classes)
    }
    self.init(
      arrays, count: try DataSplit.count(split, of: arrays.count, path: path), shuffle: shuffle,
      seed: seed)
  }

  private init(_ arrays: SequenceArrays, count: Int? = nil, shuffle: Bool, seed: UInt64) {
    self.arrays = arrays
    let count = count ?? arrays.count
    self.count = count
    order = shuffle ? ShuffledOrder(count: count, seed: seed) : nil
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
      arrays.fill(batch, row: row, with: index ?? position % count)
    }
  }
}
