import UnrollDenseMath
import UnrollRecurrentCells

/// The adding problem (Hochreiter & Schmidhuber 1997) in the form of Arjovsky, Shah & Bengio 2016:
/// at each of T steps a number u ~ U[0, 1) and a marker; one marker is 1 in each half; the target at
/// the last step is the sum of the two marked numbers. Squared error.
///
/// Predicting 1 always gives the variance of the sum, 1/6. Solved below 0.01.
public struct AddingTask: SequenceTask {
  /// T, the number of steps.
  public let length: Int
  /// Determines all sequences.
  public let seed: UInt64
  /// The sizes of validation and test.
  public let heldOut: HeldOutCounts
  public var name: String { "adding" }
  public var hasEveryTarget: Bool { true }
  public var input: InputKind { .values(2) }
  public var target: TargetKind { .values(1) }
  public var baselineName: String { "always 1" }
  public var baselineLoss: Double { 1.0 / 6 }
  public var criterion: SolveCriterion? { .lossBelow(0.01) }
  /// The first marker is at one of the steps 0 to T/2 − 1.
  public var neededLag: NeededLag? {
    NeededLag(length - 1, of: "the first marked number, at its earliest")
  }

  /// - Throws: ``TaskError/lengthOutOfRange(task:length:accepted:)`` below 2 steps.
  public init(
    length: Int, seed: UInt64, heldOut: HeldOutCounts = HeldOutCounts()
  ) throws(TaskError) {
    try requireLength(length, atLeast: 2, for: "adding")
    self.length = length
    self.seed = seed
    self.heldOut = heldOut
  }

  public func timeSteps(in split: Split, rows: Int) -> Int { length }

  public func sequenceCount(in split: Split) -> Int? { heldOut.count(in: split) }

  @_specialize(where Element == Float)
  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    batch.inputs.fill(0)
    batch.lossMask.fill(1)
    let rows = batch.shape.rows
    // A step a row: numbers in the even columns, markers in the odd ones.
    let steps = batch.inputs.reshaped(rows: length, columns: 2 * rows)
    for row in 0..<rows {
      var random = location.randomNumbers(seed: seed, row: row)
      let (number, marker) = (2 * row, 2 * row + 1)
      steps.columns(number..<marker).fillUniformly(using: &random)
      let first = random.integer(in: 0..<length / 2)
      let second = random.integer(in: length / 2..<length)
      steps[first, marker] = 1
      steps[second, marker] = 1
      batch.targets[row, 0] = steps[first, number] + steps[second, number]
    }
  }
}
