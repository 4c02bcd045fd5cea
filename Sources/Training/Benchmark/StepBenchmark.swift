import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// Times training steps on one batch of random numbers: forward, squared error at the last step,
/// backward, clipping by the global norm, gradient descent.
public final class StepBenchmark<Element: Scalar> {
  /// What is timed.
  public let point: BenchmarkPoint
  let trainer: Trainer<Element>

  /// What is kept of the states and what it costs, for people; nil where all are kept.
  package var recomputeNote: String? { trainer.recomputeNote }

  /// - Parameters:
  ///   - recompute: whether the states of all steps are kept in memory.
  ///   - ranks: the processes that share the batch. They make the same calls and as many steps.
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``,
  ///   ``TrainingError/recomputeSize(given:least:)``, ``TrainingError/tooFewRows(batch:ranks:)``.
  public init(
    _ point: BenchmarkPoint, threads: Int, recompute: Recompute = .auto, ranks: Ranks = .single
  ) throws(TrainingError) {
    self.point = point
    trainer = try Trainer(
      point.cell, Self.configuration(of: point), task: RandomNumbersTask(point),
      settings: Self.settings(of: point, threads: threads, recompute), seed: 1,
      ranks: ranks)
    trainer.shared.repeatsData = true
  }

  /// Refuses, before anything is allocated, what ``init(_:threads:recompute:ranks:)`` would.
  ///
  /// - Parameter ranks: how many processes share the batch.
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``,
  ///   ``TrainingError/recomputeSize(given:least:)``, ``TrainingError/tooFewRows(batch:ranks:)``.
  public static func validate(
    _ point: BenchmarkPoint, threads: Int, recompute: Recompute = .auto, ranks: Int = 1
  ) throws(TrainingError) {
    try Trainer<Element>.validate(
      RecurrentModel(point.cell, configuration(of: point)), task: RandomNumbersTask(point),
      settings: settings(of: point, threads: threads, recompute), ranks: ranks)
  }

  private static func configuration(of point: BenchmarkPoint) -> ModelConfiguration {
    ModelConfiguration(input: .values(point.input), target: .values(1), hidden: point.hidden)
  }

  private static func settings(
    of point: BenchmarkPoint, threads: Int, _ recompute: Recompute
  ) -> TrainingSettings {
    var settings = TrainingSettings.forMeasuring
    settings.recompute = recompute
    settings.batch = point.batch
    settings.threads = threads
    return settings
  }

  /// Whether steps flush subnormal numbers to zero, as training does.
  public var flushesSubnormals: Bool {
    get { trainer.shared.flushesSubnormals }
    set { trainer.shared.flushesSubnormals = newValue }
  }

  /// Whether an observer takes the norms of ∂ℓ/∂h and ∂ℓ/∂c at every backward step, row by row, as
  /// a decay curve does.
  public var isObserved: Bool {
    get { trainer.shared.shards.allSatisfy { $0.observer != nil } }
    set {
      for shard in trainer.shared.shards {
        shard.observer = newValue ? NormWatch<Element>(rows: shard.rows.count) : nil
      }
    }
  }

  /// Makes one step.
  public func step() throws(TrainingError) { try trainer.step() }

  /// The median seconds of a step, over at least `least` steps and about `budget` seconds, after a
  /// warm-up of a fifth of it.
  public func medianSeconds(budget: Double, least: Int = 5) throws(TrainingError) -> Double {
    try trainer.medianSeconds(budget: budget, least: least)
  }
}

/// Takes each row's gradient norms and forgets them.
private final class NormWatch<Element: Scalar>: BackwardObserver {
  private var norms: [Double]

  init(rows: Int) { norms = Array(repeating: 0, count: rows) }

  func observe(_ step: BackwardStep<Element>) {
    step.hiddenGradient.rowNorms(into: &norms)
    step.cellGradient?.rowNorms(into: &norms)
  }
}
