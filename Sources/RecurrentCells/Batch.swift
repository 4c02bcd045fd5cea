import UnrollDenseMath
import UnrollText

/// What enters a model at each step.
public enum InputKind: Sendable, Equatable {
  /// I numbers.
  case values(Int)
  /// One of I classes: a one-hot row, which is never formed.
  case classes(Int)

  /// I.
  public var width: Int {
    switch self {
    case .values(let count), .classes(let count): count
    }
  }
}

/// What a model is trained to give.
public enum TargetKind: Sendable, Equatable {
  /// O numbers, under squared error; 0 for a model without a readout.
  case values(Int)
  /// One of O classes, under softmax cross-entropy.
  case classes(Int)

  /// O.
  public var width: Int {
    switch self {
    case .values(let count), .classes(let count): count
    }
  }
}

/// The sizes of a batch of sequences and where they are supervised.
public struct BatchShape: Sendable, Equatable {
  /// T, steps of the longest sequence.
  public var timeSteps: Int
  /// B.
  public var rows: Int
  /// What enters at each step.
  public var input: InputKind
  /// What a target is; `.values(0)` for a batch with ``Batch/stateGradients`` instead.
  public var target: TargetKind
  /// The steps at which some row has a target.
  public var supervised: Range<Int>
  /// The steps whose right answers count as accuracy.
  public var scored: Range<Int>

  /// - Parameter scored: all supervised steps when nil.
  /// - Precondition: the supervised steps lie in 0..<`timeSteps`.
  public init(
    timeSteps: Int, rows: Int, input: InputKind, target: TargetKind, supervised: Range<Int>,
    scored: Range<Int>? = nil
  ) {
    require(
      supervised.lowerBound >= 0 && supervised.upperBound <= timeSteps,
      "expected supervised steps in 0..<\(timeSteps), got \(supervised)")
    self.timeSteps = timeSteps
    self.rows = rows
    self.input = input
    self.target = target
    self.supervised = supervised
    self.scored = scored ?? supervised
  }
}

/// A batch of sequences, time-major, reused from update to update.
///
/// Sequences of different lengths share a batch: shorter ones are padded, and their loss mask is 0
/// at steps without a target, where neither loss nor gradient arises.
public final class Batch<Element: Scalar> {
  /// Sizes, and where there are targets.
  public let shape: BatchShape
  /// x [T·B, I], a block of B rows for each step; no rows for class inputs.
  public let inputs: Matrix<Element>
  /// The inputs' classes [T·B], like ``inputs``; empty for number inputs.
  public var inputClasses: [Int32]
  /// y [S·B, O], a block of B rows for each of S supervised steps; no rows for class targets.
  public let targets: Matrix<Element>
  /// The targets' classes [S·B], like ``targets``; empty for number targets.
  public var targetClasses: [Int32]
  /// [1, S·B]: 1 where there is a target, otherwise 0.
  public let lossMask: Matrix<Element>
  /// The gradient by outputs and final states, for a batch without targets that is measured rather
  /// than trained on; nil for others.
  public var stateGradients: StateGradients<Element>?
  /// The state that each row starts from, for a batch that is measured: h of each layer [B, H], then c of
  /// each layer, or none for zeros; nil for the model's own, which is the same for all rows.
  public var initialState: [Matrix<Element>]?

  /// A batch of zeros, every supervised step in the loss mask.
  public init(_ shape: BatchShape) {
    self.shape = shape
    let (inputRows, targetRows) = (
      shape.timeSteps * shape.rows, shape.supervised.count * shape.rows
    )
    switch shape.input {
    case .values(let width):
      inputs = Matrix(rows: inputRows, columns: width)
      inputClasses = []
    case .classes:
      inputs = Matrix(rows: 0, columns: 0)
      inputClasses = Array(repeating: 0, count: inputRows)
    }
    switch shape.target {
    case .values(let width):
      targets = Matrix(rows: targetRows, columns: width)
      targetClasses = []
    case .classes:
      targets = Matrix(rows: 0, columns: 0)
      targetClasses = Array(repeating: 0, count: targetRows)
    }
    lossMask = Matrix(rows: 1, columns: targetRows)
    lossMask.fill(1)
  }
}
