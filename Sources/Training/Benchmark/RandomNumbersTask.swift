import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// Uniform random inputs and random targets, for measuring. Classes are all the first one.
struct RandomNumbersTask: SequenceTask {
  private let shape: BatchShape
  var name: String { "random" }
  var input: InputKind { shape.input }
  var target: TargetKind { shape.target }
  let hasEveryTarget = true
  var baselineLoss: Double { 1.0 / 12 }

  /// A number as the target at the last step.
  init(_ point: BenchmarkPoint) {
    shape = BatchShape(
      timeSteps: point.length, rows: point.batch, input: .values(point.input), target: .values(1),
      supervised: point.length - 1..<point.length)
  }

  /// Sequences of a batch's sizes; for a batch without targets, a number at the last step.
  init(like shape: BatchShape) {
    var shape = shape
    if shape.target.width == 0 {
      shape.target = .values(1)
      shape.supervised = shape.timeSteps - 1..<shape.timeSteps
    }
    self.shape = shape
  }

  func timeSteps(in split: Split, rows: Int) -> Int { shape.timeSteps }

  func supervision(
    in split: Split, steps: Int
  ) -> (supervised: Range<Int>, scored: Range<Int>) {
    (shape.supervised, steps..<steps)
  }

  func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    for row in 0..<batch.shape.rows {
      var random = RandomNumbers(seed: 1, UInt64(location.sequence + row))
      if case .values = shape.input { batch.inputs(row: row).fillUniformly(using: &random) }
      guard case .values(let width) = shape.target else { continue }
      for place in 0..<shape.supervised.count {
        for output in 0..<width {
          batch.targets[place * batch.shape.rows + row, output] = Element(random.uniform())
        }
      }
    }
  }
}
