import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText

/// Times what training on one batch of whole sequences takes: all updates that the truncation makes of
/// it, each forward, loss, backward, clipping by the global norm and gradient descent, in Float32 as
/// training has it. The batch is of random numbers.
public final class BatchTimer {
  private let trainer: Trainer<Float>
  /// How many updates a batch takes.
  let updates: Int

  /// - Parameters:
  ///   - specification: the cell.
  ///   - configuration: the model's sizes.
  ///   - shape: the batch's sizes, and where it has targets.
  ///   - truncation: over how many steps the backward pass goes.
  ///   - threads: that share the batch's rows.
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  public init(
    _ specification: CellSpecification, _ configuration: ModelConfiguration, _ shape: BatchShape,
    truncation: Truncation = .full, threads: Int
  ) throws(TrainingError) {
    let task = RandomNumbersTask(like: shape)
    var configuration = configuration
    configuration.target = task.target
    var settings = TrainingSettings.forMeasuring
    settings.batch = shape.rows
    settings.threads = threads
    settings.truncation = truncation
    trainer = try Trainer(
      specification, configuration, task: task, settings: settings, seed: 1)
    trainer.shared.repeatsData = true
    let length = shape.timeSteps
    let supervised = task.supervision(in: .train, steps: length).supervised
    let windows = sequence(state: 0) { index in
      defer { index += 1 }
      return truncation.window(index, of: length)
    }
    updates = windows.count { $0.lossSteps.overlaps(supervised) }
  }

  /// The seconds of a batch.
  ///
  /// - Throws: as ``Trainer/step()``.
  public func seconds() throws(TrainingError) -> Double {
    let start = ContinuousClock.now
    for _ in 0..<updates { try trainer.step() }
    return (ContinuousClock.now - start).seconds
  }

  /// How long a batch takes, beside another timer's, in turns: what else the machine does slows both.
  ///
  /// - Parameters:
  ///   - base: what it is compared with.
  ///   - budget: seconds, about; at least 3 rounds are made all the same, and at most 101.
  /// - Throws: as ``Trainer/step()``.
  public func times(beside base: BatchTimer, budget: Double) throws(TrainingError) -> PairedTimes {
    // The first batch touches all memory.
    _ = try (base.seconds(), seconds())
    let start = ContinuousClock.now
    var pairs: [PairedTimes.Pair] = []
    while pairs.count < 3 || pairs.count < 101 && (ContinuousClock.now - start).seconds < budget {
      // Each goes first as often as the other.
      if pairs.count.isMultiple(of: 2) {
        let first = try base.seconds()
        pairs.append(.init(base: first, changed: try seconds()))
      } else {
        let first = try seconds()
        pairs.append(.init(base: try base.seconds(), changed: first))
      }
    }
    return PairedTimes(pairs)
  }
}

/// Times of two things that were measured in turns.
public struct PairedTimes: Sendable, Equatable {
  /// The seconds of both in one round.
  public struct Pair: Sendable, Equatable {
    /// What is compared with.
    public var base: Double
    /// What is compared.
    public var changed: Double

    /// The seconds of both.
    public init(base: Double, changed: Double) {
      (self.base, self.changed) = (base, changed)
    }
  }

  /// The least seconds of what is compared with: what else the machine does only adds to them.
  public let base: Double
  /// The least seconds of what is compared.
  public let changed: Double
  /// The ratio of these.
  public var ratio: Double { changed / base }
  /// The middle half of the rounds' own ratios.
  public let ratioRange: ClosedRange<Double>

  /// - Precondition: there is a round.
  public init(_ pairs: [Pair]) {
    guard let base = pairs.map(\.base).min(), let changed = pairs.map(\.changed).min() else {
      requirementFailed("expected at least one round, got none")
    }
    (self.base, self.changed) = (base, changed)
    let ratios = pairs.map { $0.changed / $0.base }.sorted()
    let last = ratios.count - 1
    ratioRange = ratios[last / 4]...ratios[last - last / 4]
  }
}

extension TrainingSettings {
  /// Gradient descent that never stops: weights that overflow are no matter to the clock.
  static var forMeasuring: TrainingSettings {
    var settings = TrainingSettings()
    settings.updates = .max
    settings.optimizer = .sgd
    settings.schedule = LearningRateSchedule(base: 0.001, horizon: 1)
    settings.clipping = .norm(1)
    settings.nonFinite = .skip
    return settings
  }
}
