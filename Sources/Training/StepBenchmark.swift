import DenseMath
import Foundation
import Optimisation
import RecurrentCells
import SequenceTasks

/// The sizes of a training step to be measured.
public struct BenchmarkPoint: Sendable, Equatable {
  public var cell: CellSpecification
  /// T, B, I, H.
  public var length, batch, input, hidden: Int

  public init(cell: CellSpecification, length: Int, batch: Int, input: Int, hidden: Int) {
    self.cell = cell
    self.length = length
    self.batch = batch
    self.input = input
    self.hidden = hidden
  }

  /// Floating-point operations of the matrix products of a step, 2·T·B·G·H·(2I + 3H): input and
  /// recurrent product forward, recurrent product backward, both weight gradients.
  public var operations: Double {
    let units = Double(cell.makeCell().gates) * Double(hidden)
    return 2 * Double(length) * Double(batch) * units * (2 * Double(input) + 3 * Double(hidden))
  }
}

/// Times training steps on one batch of random numbers: forward, squared error at the last step,
/// backward, clipping by the global norm, gradient descent.
public final class StepBenchmark<Element: Scalar> {
  public let point: BenchmarkPoint
  private let trainer: Trainer<Element>

  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  public init(_ point: BenchmarkPoint, threads: Int) throws(TrainingError) {
    self.point = point
    var settings = TrainingSettings()
    settings.batch = point.batch
    settings.threads = threads
    settings.steps = .max
    settings.optimizer = .sgd
    settings.schedule = LearningRateSchedule(base: 0.001, horizon: 1)
    settings.clipping = .norm(1)
    trainer = try Trainer(
      point.cell,
      ModelConfiguration(input: .values(point.input), target: .values(1), hidden: point.hidden),
      task: RandomNumbersTask(point), settings: settings, seed: 1)
    trainer.shared.repeatsData = true
  }

  /// Makes one step.
  public func step() throws(TrainingError) { try trainer.step() }

  /// The median seconds of a step, over at least `least` steps and about `budget` seconds, after a
  /// warm-up of a fifth of it.
  public func medianSeconds(budget: Double, least: Int = 5) throws(TrainingError) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    repeat { try step() } while (clock.now - start).seconds < budget / 5
    let measuring = clock.now
    var times: [Double] = []
    while times.count < least || (clock.now - measuring).seconds < budget {
      let begin = clock.now
      try step()
      times.append((clock.now - begin).seconds)
    }
    return times.sorted()[times.count / 2]
  }
}

/// Uniform random inputs and a random target at the last step.
private struct RandomNumbersTask: SequenceTask {
  let point: BenchmarkPoint
  var name: String { "random" }
  var input: InputKind { .values(point.input) }
  var target: TargetKind { .values(1) }
  var baselineLoss: Double { 1.0 / 12 }
  var baselineName: String { "always ½" }
  var criterion: SolveCriterion? { nil }

  init(_ point: BenchmarkPoint) { self.point = point }

  func steps(in split: Split, rows: Int) -> Int { point.length }

  func supervision(steps: Int) -> (supervised: Range<Int>, scored: Range<Int>) {
    (steps - 1..<steps, steps..<steps)
  }

  func fill<Element>(_ batch: Batch<Element>, from place: Place) {
    for row in 0..<batch.shape.rows {
      var random = RandomNumbers(seed: 1, UInt64(place.sequence + row))
      for step in 0..<point.length {
        for column in 0..<point.input {
          batch.inputs[step * batch.shape.rows + row, column] = Element(random.uniform())
        }
      }
      batch.targets[row, 0] = Element(random.uniform())
    }
  }
}
