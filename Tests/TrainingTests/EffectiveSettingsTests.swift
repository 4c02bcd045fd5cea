import Testing
import UnrollOptimization
import UnrollSequenceTasks

@testable import UnrollTraining

struct EffectiveSettingsTests {
  private func settings(_ change: (inout TrainingSettings) -> Void = { _ in }) throws
    -> TrainingSettings
  {
    var settings = TrainingSettings()
    settings.updates = 100
    settings.schedule = LearningRateSchedule(base: 0.1, horizon: 100)
    change(&settings)
    return try settings.effective(for: AddingTask(length: 5, seed: 1))
  }

  private static let withoutEffect: [@Sendable (inout TrainingSettings) -> Void] = [
    { $0.optimizerSettings.momentum = 0.1 }, { $0.threads = 4 }, { $0.recompute = .every(3) },
    { $0.schedule.shape = .step(every: 100, factor: 0.5) },
    { $0.schedule.shape = .step(every: 2, factor: 1) }, { $0.solveAt = 0.01 },
  ]

  private static let withEffect: [@Sendable (inout TrainingSettings) -> Void] = [
    { $0.optimizerSettings.beta1 = 0.1 }, { $0.optimizer = .adamw }, { $0.updates = 50 },
    { $0.schedule.shape = .step(every: 99, factor: 0.5) }, { $0.schedule.shape = .cosine },
    { $0.schedule.warmup = 3 }, { $0.evaluateEvery = 10 }, { $0.solveEvery = 5 },
    { $0.solveAt = 0.02 }, { $0.clipping = .none }, { $0.batch = 3 },
  ]

  @Test(arguments: withoutEffect.indices) func theyAreTheSame(change: Int) throws {
    #expect(try settings(Self.withoutEffect[change]) == settings())
  }

  @Test(arguments: withEffect.indices) func theyDiffer(change: Int) throws {
    #expect(try settings(Self.withEffect[change]) != settings())
  }

  /// Rates are those of the schedule as it was given.
  @Test func theScheduleHasTheSameRates() throws {
    for shape: LearningRateSchedule.Shape in [
      .constant, .cosine, .step(every: 100, factor: 0.5), .step(every: 7, factor: 0.5),
    ] {
      let given = LearningRateSchedule(base: 0.1, shape: shape, warmup: 5, horizon: 100)
      let effective = try settings { $0.schedule = given }.schedule
      #expect((0..<100).allSatisfy { effective.rate(at: $0) == given.rate(at: $0) })
    }
  }
}
