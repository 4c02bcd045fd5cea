import Foundation
import UnrollDenseMath
import UnrollRecurrentCells

/// The copying problem (Hochreiter & Schmidhuber 1997) in the form of Arjovsky, Shah & Bengio 2016:
/// 10 symbols of 1–8, T−1 blanks (0), the marker 9, 10 blanks; the targets are T+10 blanks, then the
/// 10 symbols. Cross-entropy, mean over all T+20 steps.
///
/// Remembering nothing but where the symbols belong gives 10 ln 8 / (T+20). Solved when 99% of the
/// recalled symbols are right.
public struct CopyTask: SequenceTask {
  /// T, the steps the symbols have to be kept; a sequence has T+20.
  public let length: Int
  /// Determines all sequences.
  public let seed: UInt64
  /// The sizes of validation and test.
  public let heldOut: HeldOutCounts
  static let symbols = 10
  public var name: String { "copy" }
  public var hasEveryTarget: Bool { true }
  public var input: InputKind { .classes(10) }
  public var target: TargetKind { .classes(9) }
  public var baselineName: String { "no memory" }
  public var baselineLoss: Double { 10 * log(8) / Double(length + 20) }
  public var criterion: SolveCriterion? { .accuracyAtLeast(0.99) }
  public var neededLag: NeededLag? {
    NeededLag(length + Self.symbols, of: "each symbol, from where it is recalled")
  }

  /// - Throws: ``TaskError/lengthOutOfRange(task:length:accepted:)`` below 1.
  public init(
    length: Int, seed: UInt64, heldOut: HeldOutCounts = HeldOutCounts()
  ) throws(TaskError) {
    try requireLength(length, atLeast: 1, for: "copy")
    self.length = length
    self.seed = seed
    self.heldOut = heldOut
  }

  public func timeSteps(in split: Split, rows: Int) -> Int { length + 2 * Self.symbols }

  public func sequenceCount(in split: Split) -> Int? { heldOut.count(in: split) }

  public func supervision(
    in split: Split, steps: Int
  ) -> (supervised: Range<Int>, scored: Range<Int>) {
    (0..<steps, steps - Self.symbols..<steps)
  }

  @_specialize(where Element == Float)
  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    let recall = length + Self.symbols
    batch.clearClasses()
    batch.lossMask.fill(1)
    for row in 0..<batch.shape.rows {
      var random = location.randomNumbers(seed: seed, row: row)
      for step in 0..<Self.symbols {
        let symbol = random.integer(in: 1..<9)
        batch.setInputClass(symbol, step: step, row: row)
        batch.setTargetClass(symbol, step: recall + step, row: row)
      }
      batch.setInputClass(9, step: recall - 1, row: row)
    }
  }
}
