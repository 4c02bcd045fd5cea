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
  public var criterion: SolveCriterion? { .lossBelow(baselineLoss / 10) }

  public func timeSteps(in split: Split, rows: Int) -> Int { length }

  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    for row in 0..<batch.shape.rows {
      var random = location.randomNumbers(seed: 7, row: row)
      var sum = 0.0
      for step in 0..<length {
        let number = random.uniform()
        sum += number
        batch.inputs(step: step, row: row)[0, 0] = Element(number)
      }
      batch.targets(step: length - 1, row: row)[0, 0] = Element(sum / Double(length))
    }
  }
}
