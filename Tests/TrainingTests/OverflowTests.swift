import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollTraining

/// Updates whose gradient is finite and whose result is not.
@Suite struct OverflowTests {
  private let task: AddingTask
  private let configuration: ModelConfiguration

  init() throws {
    task = try AddingTask(length: 10, seed: 1)
    configuration = ModelConfiguration(input: task.input, target: task.target, hidden: 3)
  }

  /// A trainer that has made three updates.
  private func trainer(
    _ kind: OptimizerKind, _ policy: NonFinitePolicy, clipping: Clipping = .none
  ) throws -> Trainer<Float> {
    var settings = TrainingSettings()
    settings.batch = 2
    settings.nonFinite = policy
    settings.clipping = clipping
    settings.optimizer = kind
    settings.schedule = LearningRateSchedule(base: 0.001, horizon: 8000)
    let trainer = try Trainer<Float>(
      CellSpecification(.rnn), configuration, task: task, settings: settings, seed: 1)
    for _ in 0..<3 { try trainer.step() }
    return trainer
  }

  private func state(_ trainer: Trainer<Float>) -> [[Float]] {
    [trainer.parameters.values.elements] + trainer.optimizer.state.map(\.values.elements)
  }

  /// A readout's bias of 2⁶⁶ gives gradients of 2⁶⁷, whose squares are beyond Float32 (2¹²⁸); at a rate
  /// of 2⁹⁰ the weights are.
  private static let cases: [(OptimizerKind, Double)] = [
    (.sgd, 0x1p90), (.momentum, 0x1p90), (.rmsprop, 0.001), (.adam, 0.001), (.adamw, 0.001),
  ]

  /// A trainer at the same weights with other settings.
  private func again(
    _ trainer: Trainer<Float>, _ settings: TrainingSettings
  ) throws -> Trainer<Float> {
    try Trainer(
      model: trainer.model, parameters: trainer.parameters, task: task, settings: settings)
  }

  @Test(arguments: cases)
  func weightsAndStateAreUndone(kind: OptimizerKind, rate: Double) throws {
    var settings = try trainer(kind, .skip).settings
    settings.schedule = LearningRateSchedule(base: rate, horizon: 8000)
    let trainer = try again(trainer(kind, .skip), settings)
    trainer.parameters["head.bias"][0, 0] = 0x1p66
    let before = state(trainer)
    #expect(try !trainer.step().finite)
    #expect(state(trainer) == before)
    #expect(trainer.totals.nonFinite == 1 && trainer.totals.updates == 1)
    // What was undone leaves no trace: from a modest bias on, training goes on.
    trainer.parameters["head.bias"][0, 0] = 0
    if rate < 1 {
      #expect(try trainer.step().finite)
      #expect(state(trainer).allSatisfy { $0.allSatisfy(\.isFinite) })
    }
  }

  @Test func stopSaysThatTheUpdateOverflows() throws {
    let trainer = try trainer(.adam, .stop)
    trainer.parameters["head.bias"][0, 0] = 0x1p66
    let before = state(trainer)
    do {
      try trainer.step()
      Issue.record("went on")
    } catch {
      guard case .nonFinite(let update, let loss, let norm, _) = error else { throw error }
      #expect(update == 4 && loss.isFinite && norm.isFinite)
      #expect(error.description.hasPrefix("update 4 would overflow"))
    }
    #expect(state(trainer) == before)
    #expect(trainer.totals.updates == 3)
  }

  /// A clipper's history forgets a gradient whose update is undone, as a resumed run expects.
  @Test func historyIsUndoneToo() throws {
    let trainer = try trainer(.adam, .skip, clipping: .auto(100))
    trainer.parameters["head.bias"][0, 0] = 0x1p66
    #expect(try !trainer.step().finite)
    #expect(trainer.shared.update.clipper.history.count == 3)
  }

  /// An optimizer of one's own is watched as well.
  @Test func ownOptimizers() throws {
    final class Doubling: Optimizer {
      let name = "doubling"
      let state: [(name: String, values: Matrix<Float>)] = []
      func update(
        _ weights: Matrix<Float>, gradient: Matrix<Float>, at places: Range<Int>, rate: Double,
        step: Int
      ) { weights.scale(by: 0x1p40) }
    }
    var settings = TrainingSettings()
    settings.batch = 2
    settings.nonFinite = .skip
    let model = RecurrentModel(CellSpecification(.rnn), configuration)
    let trainer = try Trainer<Float>(
      model: model, parameters: model.initialParameters(CellSpecification(.rnn), seed: 1),
      task: task, settings: settings, optimizer: Doubling())
    var made = 0
    for _ in 0..<6 {
      let before = trainer.parameters.values.elements
      let record = try trainer.step()
      if record.finite { made += 1 } else { #expect(trainer.parameters.values.elements == before) }
    }
    #expect(made > 0 && made < 6)
    #expect(trainer.parameters.values.isFinite)
  }
}
