import UnrollDenseMath
import UnrollRecurrentCells

/// One batch from a safetensors file for the instrument: all its sequences side by side, in the
/// tensors that ``ArraysTask`` describes.
public struct InputsFile: Sendable {
  private let arrays: SequenceArrays

  /// - Parameter classes: O for integer targets, a model's own; nil is the largest one plus 1.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  public init(path: String, classes: Int? = nil) throws {
    arrays = try SequenceArrays(path: path, classes: classes)
  }

  public var input: InputKind { arrays.input }
  public var target: TargetKind { arrays.target }
  /// The batch's sizes.
  public var shape: BatchShape { arrays.batchShape(rows: rows) }
  /// T, the steps of the longest sequence.
  public var steps: Int { arrays.steps }
  /// B.
  public var rows: Int { arrays.count }

  /// The batch, filled.
  public func batch() -> Batch<Double> {
    let batch = Batch<Double>(shape)
    for row in 0..<rows { arrays.fill(batch, row: row, with: row) }
    return batch
  }
}
