import Foundation
import UnrollDenseMath
import UnrollRecurrentCells

/// Temporal order (Hochreiter & Schmidhuber 1997, task 6a) in the form of Pascanu, Mikolov & Bengio
/// 2013: L steps of one of six symbols; at p₀ in [0.1L, 0.2L) and p₁ in [0.5L, 0.6L) stands X or Y,
/// elsewhere one of four distractors. The target at the last step is which of XX, XY, YX, YY came.
/// Cross-entropy; chance is ln 4. Solved when 99% are right.
public struct TemporalOrderTask: SequenceTask {
  /// L.
  public let length: Int
  /// Determines all sequences.
  public let seed: UInt64
  /// The sizes of validation and test.
  public let heldOut: HeldOutCounts
  public var name: String { "temporal-order" }
  public var hasEveryTarget: Bool { true }
  public var input: InputKind { .classes(6) }
  public var target: TargetKind { .classes(4) }
  public var baselineName: String { "chance" }
  public var baselineLoss: Double { log(4) }
  public var criterion: SolveCriterion? { .accuracyAtLeast(0.99) }
  /// 0.9 L: p₀ is 0.1 L or later.
  public var neededLag: NeededLag? {
    NeededLag(length - 1 - length / 10, of: "the first of the two symbols, at its earliest")
  }

  /// - Throws: ``TaskError/lengthOutOfRange(task:length:accepted:)`` below 10, where the two places
  ///   cannot be told apart.
  public init(
    length: Int, seed: UInt64, heldOut: HeldOutCounts = HeldOutCounts()
  ) throws(TaskError) {
    try requireLength(length, atLeast: 10, for: "temporal-order")
    self.length = length
    self.seed = seed
    self.heldOut = heldOut
  }

  public func timeSteps(in split: Split, rows: Int) -> Int { length }

  public func sequenceCount(in split: Split) -> Int? { heldOut.count(in: split) }

  @_specialize(where Element == Float)
  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    batch.lossMask.fill(1)
    for row in 0..<batch.shape.rows {
      var random = location.randomNumbers(seed: seed, row: row)
      // Classes 0 and 1 are X and Y, 2 to 5 the distractors.
      batch.setInputClasses(row: row) { _ in random.integer(in: 2..<6) }
      var order = 0
      for (lower, upper) in [(1, 2), (5, 6)] {
        let step = random.integer(in: length * lower / 10..<length * upper / 10)
        let symbol = random.integer(in: 0..<2)
        batch.setInputClass(symbol, step: step, row: row)
        order = 2 * order + symbol
      }
      batch.setTargetClass(order, step: length - 1, row: row)
    }
  }
}
