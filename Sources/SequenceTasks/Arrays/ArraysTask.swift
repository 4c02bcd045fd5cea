import UnrollRecurrentCells

/// The sequences of a safetensors file, each of T steps of I numbers:
///
/// | tensor | shape | content |
/// | --- | --- | --- |
/// | `x` | [T, N, I] | the inputs of N sequences, floating point |
/// | `y` | [N, O] or [T, N, O] | numbers to come close to, at the last step or at every step |
/// | `y` | [N] or [T, N] | classes to name instead, integers; −100 where there is no target |
/// | `lengths` | [N] | optional: the steps of each sequence, those beyond being padding |
///
/// Sequences come in file order, wrapping around, or each pass over them in a seeded order. The
/// test goes over them in file order once.
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

  /// - Parameters:
  ///   - shuffle: whether each pass over the sequences is in an order of its own.
  ///   - classes: O for integer targets, a model's own; nil is the largest one in the file plus 1.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  public init(path: String, shuffle: Bool = false, seed: UInt64, classes: Int? = nil) throws {
    arrays = try SequenceArrays(path: path, classes: classes)
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
