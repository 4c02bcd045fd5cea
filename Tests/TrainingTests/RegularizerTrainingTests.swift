import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollTraining

/// The vanishing-gradient regularizer as part of training.
@Suite struct RegularizerTrainingTests {
  private func trainer(
    _ regularizer: Regularizer, threads: Int = 1, clipping: Clipping = .none
  ) throws -> Trainer<Double> {
    var settings = TrainingSettings()
    settings.batch = 7
    settings.threads = threads
    settings.regularizer = regularizer
    settings.clipping = clipping
    let task = try AddingTask(length: 20, seed: 3)
    return try Trainer(
      CellSpecification(.rnn),
      ModelConfiguration(input: task.input, target: task.target, hidden: 6, layers: 2),
      task: task, settings: settings, seed: 2)
  }

  /// The loss and the norm before clipping are those of the whole objective, linear in α.
  @Test func theTermIsPartOfLossAndNorm() throws {
    let (plain, one, three) = (
      try trainer(.none).step(), try trainer(.omega(1)).step(), try trainer(.omega(3)).step()
    )
    let omega = one.loss - plain.loss
    // Two layers and 20 steps, of which each adds at most about 1.
    #expect(omega > 0.1 && omega < 40)
    // Rounding of losses near 40.
    #expect(abs(three.loss - plain.loss - 3 * omega) < 1e-12)
    #expect(one.gradientNorm != plain.gradientNorm)
  }

  @Test func clippingTakesTheWholeObjective() throws {
    let free = try trainer(.omega(3)).step()
    let clipped = try trainer(.omega(3), clipping: .norm(free.gradientNorm / 2)).step()
    #expect(clipped.clipped && clipped.gradientNorm == free.gradientNorm)
  }

  /// An α beyond Float's range is no silent zero.
  @Test func aFactorTooLargeStopsTraining() throws {
    var settings = TrainingSettings()
    settings.regularizer = .omega(1e45)
    let task = try AddingTask(length: 20, seed: 3)
    let trainer = try Trainer<Float>(
      CellSpecification(.rnn),
      ModelConfiguration(input: task.input, target: task.target, hidden: 6), task: task,
      settings: settings, seed: 2)
    #expect(throws: TrainingError.self) { try trainer.step() }
  }

  /// Rows are dealt out to the threads: only the order of sums differs.
  @Test func threadsChangeTheLastDigitsOnly() throws {
    let (one, three) = (try trainer(.omega(2)), try trainer(.omega(2), threads: 3))
    let (first, second) = (try one.step(), try three.step())
    #expect(abs(first.loss - second.loss) < 1e-12 * first.loss)
    #expect(abs(first.gradientNorm - second.gradientNorm) < 1e-11 * first.gradientNorm)
  }

  /// Descent on the loss with Ω makes steps keep more of the gradient's length than without.
  @Test func trainingWithItLowersIt() throws {
    let term = try trainer(.omega(0.1), clipping: .norm(1))
    func omega() throws -> Double {
      let probe = try trainer(.omega(1))
      probe.parameters.values.assign(term.parameters.values)
      let plain = try trainer(.none)
      plain.parameters.values.assign(term.parameters.values)
      return try probe.step().loss - plain.step().loss
    }
    let before = try omega()
    for _ in 0..<200 { try term.step() }
    #expect(try omega() < before / 2)
  }
}
