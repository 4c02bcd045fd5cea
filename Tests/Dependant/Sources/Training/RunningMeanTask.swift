import UnrollKit

/// The mean of T uniform numbers, asked for at the last step. Always answering ½ gives the variance of
/// the mean, 1/(12 T).
public struct RunningMeanTask: SequenceTask {
  public let length: Int

  public init(length: Int) { self.length = length }

  public var name: String { "running-mean" }
  public var input: InputKind { .values(1) }
  public var target: TargetKind { .values(1) }
  public var baselineLoss: Double { 1 / (12 * Double(length)) }
  public var baselineName: String { "always ½" }
  public var criterion: SolveCriterion? { .lossBelow(baselineLoss / 10) }

  public func timeSteps(in split: Split, rows: Int) -> Int { length }

  public func supervision(steps: Int) -> (supervised: Range<Int>, scored: Range<Int>) {
    (steps - 1..<steps, steps..<steps)
  }

  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    let rows = batch.shape.rows
    for row in 0..<rows {
      var random = RandomNumbers(
        seed: 7, location.split.rawValue, UInt64(location.sequence + row))
      var sum = 0.0
      for step in 0..<length {
        let number = random.uniform()
        sum += number
        batch.inputs[step * rows + row, 0] = Element(number)
      }
      batch.targets[row, 0] = Element(sum / Double(length))
    }
  }
}
