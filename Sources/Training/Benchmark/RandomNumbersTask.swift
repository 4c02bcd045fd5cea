import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// Uniform random inputs and a random target at the last step, for measuring.
struct RandomNumbersTask: SequenceTask {
  private let point: BenchmarkPoint
  var name: String { "random" }
  var input: InputKind { .values(point.input) }
  var target: TargetKind { .values(1) }
  let hasEveryTarget = true
  var baselineLoss: Double { 1.0 / 12 }

  init(_ point: BenchmarkPoint) { self.point = point }

  func timeSteps(in split: Split, rows: Int) -> Int { point.length }

  func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    for row in 0..<batch.shape.rows {
      var random = RandomNumbers(seed: 1, UInt64(location.sequence + row))
      batch.inputs(row: row).fillUniformly(using: &random)
      batch.targets[row, 0] = Element(random.uniform())
    }
  }
}
